/**
 * A newcomer with the demo's config launches a box at Hetzner Cloud by nothing but what is printed and what lies in the folder: the README's own
 * commands are run. No OpenTofu can be had here, so `launch-walk/` reads the module and asks a stand-in for the API as the provider would.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import { launchKit } from '../../../../builder/commands/launch.ts';
import { planned } from '../../../../builder/compile.ts';
import { parseConfig } from '../../../../builder/config/load.ts';
import { writeOutputs } from '../../../../builder/host/write.ts';
import { unknownDevice } from '../../../../builder/outputs/launch/opentofu.ts';
import { cloudOf, clouds } from '../../../../clouds/index.ts';
import { publicPorts } from '../../../../contract/settings.ts';
import { apply, heldIn, type State, type Values } from './launch-walk/apply.ts';
import { type Api, hcloudApi } from './launch-walk/hcloud-api.ts';
import { hcloudProvider } from './launch-walk/hcloud-provider.ts';
import { readModule } from './launch-walk/module.ts';

const cloud = cloudOf('hetzner');
const token = 'a-token-of-the-project';
const snapshots = [4711, 4712];
const example = readFileSync('example.yaml', 'utf8');

/** `letterbox launch`, as often as it takes: what it asks for is written into the config. */
async function launched(t: ExecutionContext) {
  const first = planned(parseConfig(example, 'example.yaml').config);
  const refused = t.throws(() => launchKit(first, cloud));
  const [, section = ''] = /with values of your own: (clouds: .*) \(docs/.exec(refused?.message ?? '') ?? [];
  const compiled = planned(parseConfig(`${example}${section}\n`, 'example.yaml').config);
  const out = mkdtempSync(path.join(tmpdir(), 'launch-walk-'));
  t.teardown(() => rmSync(out, { recursive: true }));
  writeOutputs(out, launchKit(compiled, cloud));
  const api = await hcloudApi(token, snapshots);
  t.teardown(api.close);
  return { compiled, folder: path.join(out, 'launch/hetzner'), api };
}

/** The commands of the README, in their order, with IMAGE and NEW as the reader has them. */
function commandsOf(folder: string): string[][] {
  const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
  return [...text.matchAll(/`tofu ([^`]+)`/g)].map(([, words = '']) =>
    words.replace('IMAGE', '4711').replace('NEW', '4712').split(' '),
  );
}

/** One of them; gives the outputs. */
async function tofu(words: readonly string[], folder: string, state: State, api: Api): Promise<Values> {
  const said = words.flatMap((word, index) => (words[index - 1] === '-var' ? [word.split('=')] : []));
  return apply(
    folder,
    Object.fromEntries(said) as Record<string, string>,
    state,
    hcloudProvider(api.url, token),
  );
}

const posted = ({ asked }: Api, path: RegExp) =>
  asked.filter((one) => one.method === 'POST' && path.test(one.path));

test('by the README alone: a box with its image, addresses, volume, firewall, names and the steps that are left', async (t) => {
  const { compiled, folder, api } = await launched(t);
  const commands = commandsOf(folder);
  t.deepEqual(
    commands.map(([word]) => word),
    ['init', 'apply', 'apply', 'output'],
  );
  t.deepEqual(readModule(folder).providers, ['hcloud'], '`tofu init` finds the provider to fetch');

  const outputs = await tofu(commands[1] ?? [], folder, new Map(), api);
  t.deepEqual(
    api.asked.map(({ method, path: asked }) => `${method} ${asked.replaceAll(/\d+/g, 'ID')}`).sort(),
    [
      'POST firewalls',
      'POST primary_ips',
      'POST primary_ips',
      'POST primary_ips/ID/actions/change_dns_ptr',
      'POST primary_ips/ID/actions/change_dns_ptr',
      'POST servers',
      'POST volumes',
      'POST volumes/ID/actions/attach',
    ],
  );

  const [server] = posted(api, /^servers$/);
  const written = readFileSync(path.join(folder, 'user-data'), 'utf8');
  const [volume] = [...api.there].filter(([name]) => name.startsWith('volumes/')).map(([, fields]) => fields);
  t.is(server?.body.name, 'box.example.com');
  t.is(server?.body.image, '4711');
  const data = String(server?.body.user_data);
  t.true(written.includes(unknownDevice));
  t.is(
    data,
    written.replaceAll(unknownDevice, String(volume?.linux_device)),
    'what the builder wrote, and nothing else',
  );
  const told = parse(data) as { mounts: string[][]; write_files: { content: string }[] };
  t.is(told.mounts[0]?.[0], volume?.linux_device as string);
  t.deepEqual(JSON.parse(told.write_files[0]?.content ?? ''), {
    ...compiled.plan.settings,
    storage: { device: volume?.linux_device },
  });

  const { id } = [...api.there].find(([name]) => name.startsWith('servers/'))?.[1] ?? {};
  t.is(volume?.server, id, 'the volume is attached');
  const addresses = [...api.there].filter(([name]) => name.startsWith('primary_ips/')).map(([, one]) => one);
  t.deepEqual(
    addresses.map(({ dns_ptr }) => dns_ptr),
    ['203.0.113.5', '2001:db8:5:6::1'].map((ip) => [{ ip, dns_ptr: 'box.example.com' }]),
    'both addresses lead back to the name',
  );
  t.true(addresses.every(({ auto_delete }) => auto_delete === false));

  const [firewall] = posted(api, /^firewalls$/);
  const rules = firewall?.body.rules as {
    direction: string;
    protocol: string;
    port?: string;
    source_ips: string[];
  }[];
  for (const { direction, source_ips } of rules)
    t.deepEqual([direction, ...source_ips], ['in', '0.0.0.0/0', '::/0']);
  const open = (protocol: string) =>
    rules
      .filter((rule) => rule.protocol === protocol)
      .map(({ port }) => Number(port))
      .sort();
  const numbered = (kind: string) =>
    [...api.there.keys()].flatMap((name) =>
      name.startsWith(`${kind}/`) ? [Number(name.split('/')[1])] : [],
    );
  t.deepEqual(
    server?.body.firewalls,
    numbered('firewalls').map((firewall) => ({ firewall })),
  );
  const [ipv4, ipv6] = numbered('primary_ips');
  t.deepEqual(server?.body.public_net, { enable_ipv4: true, ipv4, enable_ipv6: true, ipv6 });
  const { image } = compiled.plan;
  t.deepEqual(open('tcp'), [22, ...publicPorts(image, 'tcp')].sort());
  t.deepEqual(open('udp'), publicPorts(image, 'udp'));

  const [, output = ''] = commands[3] ?? [];
  const steps = outputs[output] as string[];
  t.deepEqual([outputs.ipv4, outputs.ipv6], ['203.0.113.5', '2001:db8:5:6::1']);
  t.true(steps[0]?.includes('ns1.box.example.com and ns2.box.example.com'));
  t.true(steps[0]?.includes('203.0.113.5 and 2001:db8:5:6::1'));
  t.true(steps.every((step) => !step.includes('${')));
});

test('a second apply asks for nothing; a new image replaces the server alone, and the box has volume and addresses again', async (t) => {
  const { folder, api } = await launched(t);
  const commands = commandsOf(folder);
  const state: State = new Map();
  const before = await tofu(commands[1] ?? [], folder, state, api);
  const made = api.asked.length;
  await tofu(commands[1] ?? [], folder, state, api);
  t.is(api.asked.length, made);

  const after = await tofu(commands[2] ?? [], folder, state, api);
  t.deepEqual(
    api.asked.slice(made).map(({ method, path: asked }) => `${method} ${asked.replaceAll(/\d+/g, 'ID')}`),
    ['POST volumes/ID/actions/detach', 'DELETE servers/ID', 'POST servers', 'POST volumes/ID/actions/attach'],
  );
  t.is(posted(api, /^servers$/)[1]?.body.image, '4712');
  t.deepEqual(after, before, 'the same addresses, and the same steps');
});

test('what must stay can’t be destroyed: neither by `tofu destroy` nor by another location', async (t) => {
  const { folder, api } = await launched(t);
  const state: State = new Map();
  await tofu(['apply', '-var', 'image=4711'], folder, state, api);
  const made = api.asked.length;
  t.deepEqual(heldIn(folder), ['hcloud_primary_ip.ipv4', 'hcloud_primary_ip.ipv6', 'hcloud_volume.state']);
  await t.throwsAsync(tofu(['apply', '-var', 'image=4711', '-var', 'location=hel1'], folder, state, api), {
    message: /^Instance cannot be destroyed: hcloud_(?:primary_ip|volume)\./,
  });
  t.is(api.asked.length, made, 'nothing was asked for');
});

test('an image that the project has not is refused, and so is a missing one', async (t) => {
  const { folder, api } = await launched(t);
  await t.throwsAsync(tofu(['apply', '-var', 'image=1'], folder, new Map(), api), {
    message: /there is no image 1/,
  });
  await t.throwsAsync(tofu(['apply'], folder, new Map(), api), {
    message: 'No value for required variable image',
  });
});

test('the documents say of this cloud alone that it was done', (t) => {
  t.deepEqual(
    clouds.filter(({ launch }) => launch?.walked).map(({ name }) => name),
    [cloud.name],
  );
});

test('every file that the README names is there, but for what OpenTofu writes itself', async (t) => {
  const { folder } = await launched(t);
  const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
  const named = [...text.matchAll(/`([\w.-]+)`/g)].map(([, name = '']) => name);
  const files = named.filter((name) => !/^[A-Z_]+$/.test(name) && name !== 'terraform');
  t.deepEqual(files, ['user-data', 'terraform.tfstate']);
  t.true(existsSync(path.join(folder, 'user-data')));
  // Where IMAGE comes from: both are what the command line takes.
  t.regex(text, /`letterbox export --for hetzner`, then `letterbox import --to hetzner`/);
  t.truthy(cloud.import);
});
