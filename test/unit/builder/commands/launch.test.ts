/** `letterbox launch`: a folder that another program takes, the same each time, with the one secret in one file. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { parse, parseAllDocuments } from 'yaml';
import { LaunchError, launchKit } from '../../../../builder/commands/launch.ts';
import { type Planned, planned } from '../../../../builder/compile.ts';
import { parseConfig } from '../../../../builder/config/load.ts';
import { writeOutputs } from '../../../../builder/host/write.ts';
import { UserDataTooLarge } from '../../../../builder/outputs/user-data.ts';
import { type CloudName, cloudOf, clouds } from '../../../../clouds/index.ts';
import { ref } from '../../../../clouds/launch-plan.ts';

const hash = `$6$salt$${'a'.repeat(86)}`;
const password = 'of-the-relay';
const keys = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000';

function compiled(more = '', box = ''): Planned {
  const text = `name: mail
release: debian-12
box:
  hostname: box.example.com
  admin: { email: me@example.com, passwordHash: '${hash}' }
  sshKeys: [${keys}]
${box}
outbound:
  relay: { host: relay.example.net, username: me, password: ${password} }
clouds:
  hetzner: { server_type: cx23, location: fsn1 }
${more}`;
  return planned(parseConfig(text, 'box.yaml').config);
}

const kit = (from: Planned, cloud: CloudName = 'hetzner') =>
  new Map(launchKit(from, cloudOf(cloud)).map((file) => [path.basename(file.path), String(file.content)]));

test('a module, the user-data and five lines for whoever opens the folder', async (t) => {
  const files = launchKit(compiled(), cloudOf('hetzner'));
  t.deepEqual(
    files.map(({ path: name }) => name),
    ['main.tf.json', 'variables.tf.json', 'outputs.tf.json', 'user-data', 'README.md'].map(
      (name) => `launch/hetzner/${name}`,
    ),
  );
  const readme = kit(compiled()).get('README.md') ?? '';
  t.is(readme.trimEnd().split('\n').length, 5);
  for (const word of ['HCLOUD_TOKEN', 'tofu init', '-var image=', 'dns_steps', 'Not tried on the real cloud'])
    t.true(readme.includes(word), word);
});

test('the module that launches at Hetzner, whole', async (t) => {
  const main = JSON.parse(kit(compiled()).get('main.tf.json') ?? '') as {
    locals: { user_data: string };
    resource: Record<string, Record<string, unknown>>;
  } & Record<string, unknown>;
  t.deepEqual(Object.keys(main), ['terraform', 'locals', 'resource'], 'no provider block');
  t.deepEqual(main.terraform, {
    required_version: '>= 1.6',
    required_providers: { hcloud: { source: 'hetznercloud/hcloud', version: '~> 1.68' } },
  });
  t.regex(main.locals.user_data, /^\$\{sensitive\(replace\(file\("\$\{path\.module\}\/user-data"\), /);
  t.regex(main.locals.user_data, /, hcloud_volume\.state\.linux_device\)\)\}$/);
  t.deepEqual(main.resource.hcloud_server, {
    box: {
      name: 'box.example.com',
      server_type: ref('var.server_type'),
      location: ref('var.location'),
      image: ref('var.image'),
      user_data: ref('local.user_data'),
      firewall_ids: [ref('hcloud_firewall.box.id')],
      shutdown_before_deletion: true,
      public_net: {
        ipv4_enabled: true,
        ipv4: ref('hcloud_primary_ip.ipv4.id'),
        ipv6_enabled: true,
        ipv6: ref('hcloud_primary_ip.ipv6.id'),
      },
    },
  });
  t.deepEqual(main.resource.hcloud_primary_ip?.ipv4, {
    location: ref('var.location'),
    assignee_type: 'server',
    auto_delete: false,
    lifecycle: { prevent_destroy: true },
    name: 'mail-ipv4',
    type: 'ipv4',
  });
  t.deepEqual(main.resource.hcloud_volume, {
    state: {
      name: 'mail-state',
      size: ref('var.volume_size'),
      location: ref('var.location'),
      lifecycle: { prevent_destroy: true },
    },
  });
  t.deepEqual(main.resource.hcloud_rdns?.ipv6, {
    primary_ip_id: ref('hcloud_primary_ip.ipv6.id'),
    ip_address: ref('cidrhost(hcloud_primary_ip.ipv6.ip_network, 1)'),
    dns_ptr: 'box.example.com',
  });
  t.deepEqual(Object.keys(main.resource), [
    'hcloud_primary_ip',
    'hcloud_volume',
    'hcloud_firewall',
    'hcloud_server',
    'hcloud_volume_attachment',
    'hcloud_rdns',
  ]);
});

test("the image is a variable; what the config's section says are defaults", async (t) => {
  const { variable } = JSON.parse(kit(compiled()).get('variables.tf.json') ?? '') as {
    variable: Record<string, { default?: unknown }>;
  };
  t.false('default' in (variable.image ?? {}));
  t.is(variable.server_type?.default, 'cx23');
  t.is(variable.location?.default, 'fsn1');
});

test('the firewall lets in what the fence of the image does, and ssh', async (t) => {
  const from = compiled();
  const main = JSON.parse(kit(from).get('main.tf.json') ?? '') as {
    resource: { hcloud_firewall: { box: { rule: { protocol: string; port?: string }[] } } };
  };
  const open = main.resource.hcloud_firewall.box.rule.map(({ protocol, port = '' }) => `${protocol}${port}`);
  const planned = from.plan.image.ports.filter((port) => port.public);
  t.deepEqual(
    open.sort(),
    ['icmp', 'tcp22', ...planned.map(({ protocol, port }) => `${protocol}${port}`)].sort(),
  );
});

test('without box.storage.device the module fills in the path of its volume; with one that counts', async (t) => {
  const device = (from: Planned) =>
    (parse(kit(from).get('user-data') ?? '') as { mounts: string[][] }).mounts[0]?.[0] ?? '';
  const unnamed = compiled();
  t.true(
    kit(unnamed)
      .get('main.tf.json')
      ?.includes(`\\"${device(unnamed)}\\", hcloud_volume`),
  );
  const named = compiled('', '  storage: { device: /dev/sdb }');
  t.is(device(named), '/dev/sdb');
  t.false(kit(named).get('main.tf.json')?.includes('replace('));
});

test('where the network translates the address, the box is told which; what the config says counts', async (t) => {
  const settings = (from: Planned) =>
    /"publicIpv4\\": \\"([\d.]+)\\"/.exec(kit(from, 'ec2').get('user-data') ?? '')?.[1] ?? '';
  const unnamed = withEverySection(compiled());
  t.is(settings(unnamed), '192.0.2.254', 'nobody has that one');
  t.true(kit(unnamed, 'ec2').get('main.tf.json')?.includes('\\"192.0.2.254\\", aws_eip.ipv4.public_ip)'));
  const named = withEverySection(compiled('', '  publicIpv4: 198.51.100.7'));
  t.is(settings(named), '198.51.100.7');
  t.false(kit(named, 'ec2').get('main.tf.json')?.includes('192.0.2.254'));
  t.false(kit(unnamed, 'hetzner').get('user-data')?.includes('publicIpv4'), 'it is its own there');
});

test('at the registrar: glue, name servers, DS; where somebody else is the name server, what to publish', async (t) => {
  const steps = (from: Planned) =>
    (JSON.parse(kit(from).get('outputs.tf.json') ?? '') as { output: { dns_steps: { value: string[] } } })
      .output.dns_steps.value;
  const own = steps(compiled());
  t.is(own.length, 3);
  t.true(
    own[0]?.includes(
      `ns1.box.example.com and ns2.box.example.com as name servers with ${ref('hcloud_primary_ip.ipv4.ip_address')}`,
    ),
  );
  t.true(own[2]?.includes('`box dns ds`'));
  const external = steps(compiled('dns: { mode: external }'));
  t.true(external[1]?.includes('`box dns show`'));
  t.false(external.join().includes('ns1.'));
});

for (const { name, launch, manifests } of clouds.filter((cloud) => cloud.launch ?? cloud.manifests)) {
  test(`${name}: secrets are in user-data alone, which its owner alone may read; a second run writes nothing`, async (t) => {
    const from = withEverySection(compiled());
    const files = launchKit(from, cloudOf(name as CloudName));
    t.truthy(launch ?? manifests);
    for (const file of files) {
      const holds = [hash, password].some((secret) => String(file.content).includes(secret));
      t.is(holds, file.secret === true, file.path);
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'launch-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    t.is(writeOutputs(folder, files).length, files.length);
    t.deepEqual(writeOutputs(folder, launchKit(from, cloudOf(name as CloudName))), []);
    for (const file of files)
      t.is(statSync(path.join(folder, file.path)).mode & 0o777, file.secret ? 0o600 : 0o644, file.path);
  });
}

test('under KubeVirt: the machine finds its disks by virtio, and its volume and user-data are its own objects', async (t) => {
  const files = kit(compiled(), 'kubevirt');
  const objects = parseAllDocuments(files.get('box.yaml') ?? '').map(
    (one) => one.toJS() as { kind: string; metadata: { name: string }; spec: Spec },
  );
  t.deepEqual(
    objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ['DataVolume mail-state', 'VirtualMachine mail', 'Service mail-tcp', 'Service mail-udp'],
  );
  const { template, dataVolumeTemplates } = objects[1]?.spec ?? {};
  const { disks } = template?.spec.domain.devices ?? {};
  t.deepEqual(
    disks?.map(({ disk }) => disk.bus),
    ['virtio', 'virtio', 'virtio'],
  );
  t.deepEqual(
    template?.spec.volumes.map(({ name, ...source }) => [name, source]),
    [
      ['root', { dataVolume: { name: 'mail-root-1' } }],
      ['state', { dataVolume: { name: 'mail-state' } }],
      ['seed', { cloudInitNoCloud: { secretRef: { name: 'mail-user-data' } } }],
    ],
  );
  t.regex(dataVolumeTemplates?.[0]?.spec.source.http.checksum ?? '', /^sha256:[0-9a-f]{64}$/);
  for (const { spec } of objects.slice(2)) {
    t.is(spec.externalTrafficPolicy, 'Local');
    t.deepEqual(spec.selector, template?.metadata.labels);
  }
  t.deepEqual(objects[3]?.spec.ports, [{ name: 'udp-53', protocol: 'UDP', port: 53, targetPort: 53 }]);
  const secret = parse(files.get('user-data.yaml') ?? '') as { stringData: { userdata: string } };
  const user = parse(secret.stringData.userdata) as { mounts: string[][] };
  t.is(user.mounts[0]?.[0], `/dev/disk/by-id/virtio-${disks?.[1]?.serial}`);
  t.is(files.get('README.md')?.trimEnd().split('\n').length, 5);
});

/** What the test reads of an object's `spec`. */
interface Spec {
  readonly externalTrafficPolicy?: string;
  readonly selector?: object;
  readonly ports?: readonly object[];
  readonly dataVolumeTemplates?: readonly { spec: { source: { http: { checksum: string } } } }[];
  readonly template?: {
    metadata: { labels: object };
    spec: {
      domain: { devices: { disks: readonly { disk: { bus: string }; serial?: string }[] } };
      volumes: readonly { name: string }[];
    };
  };
}

test('a config without the section of that cloud is refused, with what the section needs', async (t) => {
  const bare = compiled();
  const { clouds: _none, ...config } = bare.config;
  const error = t.throws(
    () => launchKit({ ...bare, config: { ...config, clouds: {} } }, cloudOf('hetzner')),
    { instanceOf: LaunchError },
  );
  t.is(
    error.message,
    'the config has no clouds.hetzner: add the section, with values of your own: clouds: { hetzner: { server_type: "cx23", location: "fsn1" } } (docs/config.md)',
  );
});

test('a cloud of which nobody wrote how is refused', async (t) => {
  const { launch: _none, ...cloud } = cloudOf('hetzner');
  const from = compiled();
  t.throws(() => launchKit(from, cloud), { instanceOf: LaunchError, message: /Hetzner Cloud$/ });
});

test('user-data that this cloud would not take is refused, whatever `cloud` of the config says', async (t) => {
  const from = compiled();
  const sshKeys = Array.from({ length: 80 }, (_, index) => `ssh-rsa ${'A'.repeat(540)} key${index}`);
  t.throws(() => launchKit({ ...from, plan: { ...from.plan, sshKeys } }, cloudOf('hetzner')), {
    instanceOf: UserDataTooLarge,
    message: /hetzner takes at most 32768/,
  });
});

/** As if the config had a section for each cloud. */
function withEverySection(from: Planned): Planned {
  const sections = Object.fromEntries(clouds.map(({ name }) => [name, {}]));
  return { ...from, config: { ...from.config, clouds: { ...sections, ...from.config.clouds } } };
}
