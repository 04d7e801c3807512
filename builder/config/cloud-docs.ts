/** docs/clouds.md, made from what clouds/ says. */
import { type Cloud, endingOf, type Import, userDataLimit } from '../../clouds/cloud.ts';
import { clouds, usualCloud } from '../../clouds/index.ts';
import { attachedLater, reverseLater } from '../../clouds/launch-plan.ts';
import type { PackerBuilder } from '../../clouds/packer-builder.ts';
import { fleetPart } from './fleet-docs.ts';
import { GiB, MiB } from './values.ts';

const metIn: Readonly<Record<Cloud['met'], string>> = {
  machine: 'read in QEMU',
  lab: 'read in a container, from a stand-in for its service',
  nowhere: 'never read in a test',
};

export function cloudReference(): string {
  const elsewhere = clouds.filter(({ builders }) => builders.length > 0);
  const { name, title } = elsewhere[0] ?? { name: '', title: '' };
  return [
    '# Clouds',
    '<!-- Made from clouds/ by `npm run docs`; a test fails when it is stale. -->',
    'A cloud is data in [clouds/](../clouds): one file each, with the source of every fact and the day it was read. `cloud:` in box.yaml says where the box will run; it sets the limit of the user-data, and `letterbox check` says what becomes of port 25. A box finds out by its firmware where it is, whatever was written: its first page and `box status` name that cloud’s way to have port 25 opened. `clouds:` says how Packer bakes the image there.',
    '**No real cloud was ever asked**: whoever builds Letterbox has an account at none. The table says for each what was done in its place. Policies are from stored pages and threads of unknown age: look again before you count on one.',
    '## What is known and what was tried',
    table(
      [
        '`cloud`',
        "Packer's builder",
        "Debian's Packer 1.6.6",
        'imports, and is exported for here',
        'user-data',
        'datasource of cloud-init',
        'real cloud',
      ],
      clouds.map((cloud) => [
        `\`${cloud.name}\` ${[cloud.title, ...(cloud.also ?? [])].join(', ')}`,
        each(cloud.builders, ({ type }) => `\`${type}\``) || '`qemu`',
        each(cloud.builders, ({ debian }) => tried[debian]) || 'bakes; its template is validated',
        cloud.import === undefined ? 'nothing: the disk is the image' : exportedAs(cloud.import),
        `${userDataLimit(cloud)} bytes${cloud.userData.counts === 'base64' ? ` (${cloud.userData.limit} in base64)` : ''}`,
        `\`${cloud.datasource}\`, ${metIn[cloud.met]}`,
        cloud.name === usualCloud ? 'booted in QEMU by `make test`' : 'not tried on the real cloud',
      ]),
    ),
    '## Mail',
    'Where port 25 is closed, mail leaves by a relay host: [outbound.relay](config.md). It asks for nothing of the cloud but port 587.',
    table(
      ['`cloud`', 'port 25 to others', 'how it is opened', 'port 53 from others', 'reverse name', 'IPv6'],
      clouds.map((cloud) => [
        `\`${cloud.name}\``,
        cloud.port25.out,
        cloud.port25.opening,
        cloud.port53,
        cloud.reverseName,
        cloud.ipv6,
      ]),
    ),
    '## Baking there',
    `\`./letterbox bake box.yaml --on ${name}\` has Packer start a machine at ${title}, install the plan's packages onto the vendor's own image of the release, run the steps of \`packer/provision/\` and keep an image of it. The options of \`clouds.${name}\` are those of Packer's builder, by its names ([config.md](config.md) has every one). Who you are there comes from the environment, never from the file:`,
    table(
      ['`--on`', 'builder', 'in the environment', 'begins with'],
      elsewhere.flatMap((cloud) =>
        cloud.builders.map((builder) => [
          `\`${cloud.name}\``,
          `\`${builder.type}\``,
          builder.credentials.map((set) => set.map(({ env }) => `\`${env}\``).join(' ')).join(', or '),
          beginsWith(cloud, builder),
        ]),
      ),
    ),
    `**The disk that is baked here is the one that is tested.** What is in an image of the vendor's beside our packages stays: its kernel, its boot loader's settings, its agents, perhaps a second network manager; what \`base/after-packages.sh\` does to a base of our own is not done to it. Where a cloud imports disks, that is the surer way. ${typesOf(elsewhere, ({ lays }) => lays === 'disk')} alone lays the disk that was baked here, byte for byte. A template is one file for one cloud, \`out/<name>/packer/<cloud>/box.pkr.json\`, and Packer can be run on that folder by hand; it holds no secret. For Packer 1.7 and newer \`plugins.json\` beside it goes in as \`plugins.pkr.json\`, which \`bake --on\` does; that was never run, since there is no such Packer in Debian 12.`,
    `Where two builders are named, \`builder:\` in the section chooses. Those that begin with an installer (${typesOf(elsewhere, ({ options }) => options.boot_command !== undefined)}) want your own answers to it: Letterbox has none.`,
    '## Importing the disk that was baked here',
    `\`./letterbox export box.yaml --for ${name}\` makes the file that ${title} imports, beside the image in \`out/<name>/\`. It is unpacked again and held against the disk byte for byte before it gets its name; one that differs is removed, and is an error. A second run makes nothing while image and file are the same. A disk that a cloud would not take is refused before anything is written, with the size to write into \`image.diskSize\`: the 8GiB that a disk has without that key is too much for ${tooSmallFor(8 * GiB)}. The tests do it for each cloud with a small disk. **That a cloud takes the file was not tried on the real cloud.**`,
    ...clouds.flatMap(({ title: of, import: way }) =>
      way === undefined ? [] : [`- **${of}**, \`${endingOf(way)}\`${limits(way)}: ${way.way}.`],
    ),
    `\`./letterbox import box.yaml --to ${name}\` then prints the commands of ${title}'s own tools, in order and with the real names, for a shell; below each is what undoes it. What the section of \`clouds:\` says is filled in; the rest is a variable at the head, or \`--set word=value\`. With \`--run\` they are run: the first that fails is the last, and what is left behind there is listed with what removes it. Only stand-ins of the tools were ever run: **none of these commands was tried on the real cloud.**`,
    table(
      ['`--to`', 'tools', 'what is not in the section', 'first'],
      elsewhere.flatMap((cloud) => (cloud.import === undefined ? [] : [importRow(cloud, cloud.import)])),
    ),
    '## Launching there',
    ...launching(),
    '## What nobody has looked up',
    'These are common knowledge and no more; everything else has its source in `clouds/<name>.ts`.',
    clouds
      .map(({ name: of, sources }) => {
        const facts = Object.entries(sources).filter(([, { checked }]) => !checked);
        return `- \`${of}\`: ${facts.map(([fact]) => fact).join(', ')}`;
      })
      .join('\n'),
  ]
    .join('\n\n')
    .replaceAll(/\.\n\n- \*\*/g, '.\n- **')
    .concat('\n');
}

function launching(): string[] {
  const known = clouds.flatMap(({ name, builders, launch }) =>
    launch === undefined ? [] : [{ name, builders, launch }],
  );
  const example = known.find(({ builders }) => builders.length > 0);
  const first = example?.name ?? '';
  const walked = known.flatMap(({ name, launch }) => (launch.walked ? [`\`${name}\``] : [])).join(', ');
  return [
    `\`./letterbox launch box.yaml --on ${first}\` writes \`out/<name>/launch/${first}/\`, a module for [OpenTofu](https://opentofu.org) or Terraform: the server, its addresses, a state volume that outlives the server, a firewall with the ports of the plan, the reverse name where the provider has one, and the user-data. It starts nothing itself. **Not tried on the real cloud, and no OpenTofu was available to check the modules**: the arguments of every resource are held against the names that its provider publishes (in part from common knowledge: \`launch\` of \`clouds/<name>.ts\` says what was read), and the expressions against what the module has; each expression was read once by a parser of HCL (hcl2-parser 1.0.3). For ${walked}, a test runs the README’s commands by a reader of its own against a stand-in for the API, and that is all.`,
    'A new image on the old volume is one changed variable, `image`: the server is replaced, and OpenTofu refuses to destroy the volume and the addresses. User-data that changed replaces the server too, at most of them. The words of `clouds` in the config are the defaults of the variables. Without `box.storage.device` the module fills in what its own volume is called; with it, that counts, so leave it out. `user-data` may hold a password hash: only its owner may read it, and `terraform.tfstate` holds it too. A folder has no provider block, so a module of yours may call it.',
    `${attachedLater} So it is at most of them. ${reverseLater} So it is where the provider looks; elsewhere it is set at once.`,
    table(
      ['`--on`', 'provider', '`image`', 'log-in', 'know'],
      known.map(({ name, launch }) => [
        `\`${name}\``,
        `\`${launch.provider.source}\` ${launch.provider.version}`,
        launch.image,
        launch.login,
        launch.notes.filter((note) => note !== attachedLater && note !== reverseLater).join(' '),
      ]),
    ),
    ...clouds.flatMap(({ name, title, manifests }) =>
      manifests === undefined
        ? []
        : [
            `\`--on ${name}\`: manifests for ${title} instead, \`box.yaml\` and \`user-data.yaml\`, which \`kubectl apply\` takes. ${manifests.notes.join(' ')} Not tried on a cluster, and held against no schema.`,
          ],
    ),
    '## Several boxes',
    ...(example === undefined ? [] : fleetPart(example)),
  ];
}

const tried: Readonly<Record<PackerBuilder['debian'], string>> = {
  validates: 'has it; `packer validate`, both releases',
  dials: 'has it; syntax only, since it logs in first',
  lacks: "lacks it; held against its plug-in's options",
};

function typesOf(all: readonly Cloud[], holds: (builder: PackerBuilder) => boolean): string {
  const found = all.flatMap(({ builders }) => builders).filter(holds);
  return found.map(({ type }) => `\`${type}\``).join(', ');
}

/** What holds of all builders of a cloud, once where it is the same. */
function each(builders: readonly PackerBuilder[], say: (builder: PackerBuilder) => string): string {
  return [...new Set(builders.map(say))].join(', ');
}

/** What test/unit/builder/bake/export-for.test.ts holds of each. */
function exportedAs(way: Import): string {
  const { format, packed } = way;
  const ending = endingOf(way);
  if (format === 'qcow2') return `\`${ending}\`: the image as it is`;
  return `\`${ending}\`${packed === undefined ? '' : ', a packed raw disk'}; made and read back`;
}

function importRow({ name }: Cloud, { commands: { steps, fill, first } }: Import): string[] {
  const tools = [...new Set(steps.map(({ argv: [tool] }) => `\`${tool}\``))];
  const words = Object.entries(fill).map(([word, about]) => `\`${word}\`: ${about}`);
  return [`\`${name}\``, tools.join(' '), words.join('; '), first];
}

function tooSmallFor(bytes: number): string {
  const those = clouds.filter((cloud) => (cloud.import?.atMost ?? bytes) < bytes);
  return those.map(({ title }) => title).join(' and ');
}

function limits({ multipleOf, atMost }: Import): string {
  const size = (bytes: number) => (bytes >= GiB ? `${Math.floor(bytes / GiB)} GiB` : `${bytes / MiB} MiB`);
  return [
    ...(multipleOf === undefined ? [] : [`, a multiple of ${size(multipleOf)}`]),
    ...(atMost === undefined ? [] : [`, at most ${size(atMost)} unpacked`]),
  ].join('');
}

function beginsWith({ bases }: Cloud, { baseOptions, lays }: PackerBuilder): string {
  if (baseOptions.length === 0) return 'what you name';
  const named = Object.entries(bases).map(([release, base]) =>
    'none' in base ? `${release}: ${base.none}` : `${release}: there, as \`${base.user}\``,
  );
  return `${lays === 'disk' ? 'a machine to write the disk from; ' : ''}${named.join('; ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
