/** A fleet: each box's folder is what it would have by itself, one image serves all, and no box has another's secret. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parse, parseAllDocuments } from 'yaml';
import { launchKit } from '../../../../builder/commands/launch.ts';
import { fleetKit, fleetPlans } from '../../../../builder/commands/launch-fleet.ts';
import { type Fleet, loadFleet, ownKeys } from '../../../../builder/config/fleet.ts';
import { loadConfig } from '../../../../builder/config/load.ts';
import { ConfigError } from '../../../../builder/config/problem.ts';
import { makePlan } from '../../../../builder/plan/plan.ts';
import { type CloudName, cloudOf, clouds } from '../../../../clouds/index.ts';
import { releases } from '../../../../releases/index.ts';

const hashes = ['a', 'b'].map((letter) => `$6$salt$${letter.repeat(86)}`);
const base = `name: mail
release: debian-12
box:
  hostname: box.example.com
  admin: { email: me@example.com }
  sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000 of-the-base]
clouds:
  hetzner: { server_type: cx23, location: fsn1 }
`;
const boxes = `base: box.yaml
boxes:
  - name: club
    box:
      hostname: box.club.example.net
      admin: { email: me@club.example.net, passwordHash: '${hashes[0]}' }
      timezone: Europe/Berlin
    outbound: { relay: { host: relay.example.net, username: club, password: of-the-club } }
    clouds: { hetzner: { server_type: cx33 } }
    size: { volume: 40GiB }
  - name: shop
    box:
      hostname: box.shop.example.org
      admin: { email: me@shop.example.org, passwordHash: '${hashes[1]}' }
      sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead111 of-the-shop]
      storage: { device: /dev/vdc }
      publicIpv4: 198.51.100.7
    dns: { mode: external }
    acme: { enabled: true }
    bruteForce: { allow: [203.0.113.7] }
    web: { sftpKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead222 web] }
`;

function folder(t: ExecutionContext, fleet = boxes): string {
  const made = mkdtempSync(path.join(tmpdir(), 'fleet-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  writeFileSync(path.join(made, 'box.yaml'), base);
  writeFileSync(path.join(made, 'fleet.yaml'), fleet);
  return made;
}

function read(t: ExecutionContext, fleet = boxes): Fleet {
  const found = loadFleet(path.join(folder(t, fleet), 'fleet.yaml'));
  if (found === undefined) throw new Error('no fleet');
  return found;
}

const files = (fleet: Fleet, cloud: CloudName) =>
  new Map(fleetKit(fleet, cloudOf(cloud)).map(({ path: name, content }) => [name, String(content)]));

test('a box.yaml is no fleet, and a file that is none of both is left to whoever reads a box.yaml', (t) => {
  const at = folder(t);
  t.is(loadFleet(path.join(at, 'box.yaml')), undefined);
  t.is(loadFleet(path.join(at, 'gone.yaml')), undefined);
});

test('a folder for each box, with what it would have by itself, and one page above them', (t) => {
  const fleet = read(t);
  const made = files(fleet, 'hetzner');
  const each = ['main.tf.json', 'variables.tf.json', 'outputs.tf.json', 'user-data', 'README.md'];
  t.deepEqual(
    [...made.keys()],
    [
      ...['club', 'shop'].flatMap((box) => each.map((name) => `fleet/hetzner/${box}/${name}`)),
      'fleet/hetzner/README.md',
    ],
  );
  const [club] = fleet.boxes;
  if (club === undefined) return t.fail();
  // The same config in a box.yaml of that name.
  const config = { ...club.config, name: 'club' };
  const release = releases.get(config.release);
  if (release === undefined) return t.fail();
  const alone = launchKit({ config, plan: makePlan(config, release), size: club.size }, cloudOf('hetzner'));
  for (const { path: name, content } of alone)
    t.is(made.get(name.replace('launch/hetzner/', 'fleet/hetzner/club/')), String(content), name);
  const page = made.get('fleet/hetzner/README.md') ?? '';
  for (const word of ['club shop', 'tofu -chdir=$box init', 'the ID of the snapshot', 'Not tried'])
    t.true(page.includes(word), word);
});

test('the size of a box: its server’s type and its volume; the base counts where the box says nothing', (t) => {
  const made = files(read(t), 'hetzner');
  const defaults = (box: string) => {
    const { variable } = JSON.parse(made.get(`fleet/hetzner/${box}/variables.tf.json`) ?? '') as {
      variable: Record<string, { default?: unknown }>;
    };
    return ['server_type', 'location', 'volume_size'].map((name) => variable[name]?.default);
  };
  t.deepEqual(defaults('club'), ['cx33', 'fsn1', 40]);
  t.deepEqual(defaults('shop'), ['cx23', 'fsn1', 20]);
});

test('one image: the plans are equal but for what a box is told, whatever a box may have of its own', (t) => {
  const fleet = read(t);
  // All that may differ does, in the fleet above.
  const used = new Set(fleet.boxes.flatMap(({ config }) => Object.keys(config)));
  for (const key of ownKeys) t.true(used.has(key.split('.')[0] ?? ''), key);
  for (const key of ownKeys) t.regex(boxes, new RegExp(`^    ${key.split('.')[0]}:`, 'm'), key);
  const image = (plan: object) => ({ ...plan, settings: undefined, sshKeys: undefined });
  const release = releases.get(fleet.base.release);
  if (release === undefined) return t.fail();
  const own = image(makePlan(fleet.base, release));
  for (const { plan, name } of fleetPlans(fleet)) t.deepEqual(image(plan), own, name);
  t.deepEqual(
    fleetPlans(fleet).map(({ plan }) => plan.settings.hostname),
    ['box.club.example.net', 'box.shop.example.org'],
  );
});

for (const { name, launch } of clouds.filter((cloud) => cloud.launch ?? cloud.manifests))
  test(`${name}: no box has another's secret, nor a name of another's`, (t) => {
    const fleet = read(t);
    const sections = Object.fromEntries(clouds.map((cloud) => [cloud.name, {}]));
    const everywhere = {
      ...fleet,
      boxes: fleet.boxes.map((box) => ({
        ...box,
        config: { ...box.config, clouds: { ...sections, ...box.config.clouds } },
      })),
    };
    const kit = fleetKit(everywhere, cloudOf(name as CloudName));
    const secrets = [
      [hashes[0] ?? '', 'of-the-club', 'box.club.example.net'],
      [hashes[1] ?? '', 'of-the-shop', 'box.shop.example.org'],
    ];
    for (const [index, box] of ['club', 'shop'].entries()) {
      const own = kit.filter(({ path: file }) => file.includes(`/${box}/`));
      const text = own.map(({ content }) => String(content)).join('\n');
      for (const word of secrets[index] ?? []) t.true(text.includes(word), `${box} lacks ${word}`);
      for (const word of secrets[1 - index] ?? []) t.false(text.includes(word), `${box} has ${word}`);
      const open = own.filter(({ secret }) => secret !== true).map(({ content }) => String(content));
      t.false(open.join('\n').includes(hashes[index] ?? ''));
    }
    // What is made there has the box's name in it, and never the image's alone.
    if (launch !== undefined)
      for (const { path: file, content } of kit.filter(({ path: one }) => one.endsWith('main.tf.json')))
        t.notRegex(String(content), /"mail(?:-|")/, file);
  });

test('under KubeVirt: processors, memory and volume as the fleet says, and all by the image of the base', (t) => {
  const fleet = read(
    t,
    boxes.replace('size: { volume: 40GiB }', 'size: { volume: 40GiB, cpus: 4, memory: 6GiB }'),
  );
  const text = files(fleet, 'kubevirt').get('fleet/kubevirt/club/box.yaml') ?? '';
  const [state, machine] = parseAllDocuments(text).map((one) => one.toJS() as { metadata: { name: string } });
  t.is(state?.metadata.name, 'club-state');
  t.is(machine?.metadata.name, 'club');
  for (const word of [
    'storage: "40Gi"',
    'cores: 4',
    'guest: "6144Mi"',
    'https://images.example.net/mail.qcow2',
  ])
    t.true(text.includes(word), word);
  const secret = parse(files(fleet, 'kubevirt').get('fleet/kubevirt/shop/user-data.yaml') ?? '') as object;
  t.like(secret, { metadata: { name: 'shop-user-data' } });
});

test('processors where the machines have types, and a section that is missing: all told at their places', (t) => {
  const fleet = read(t, boxes.replace('size: { volume: 40GiB }', 'size: { cpus: 4 }'));
  const told = t.throws(() => fleetKit(fleet, cloudOf('hetzner')), { instanceOf: ConfigError });
  t.regex(
    told?.message ?? '',
    /fleet\.yaml:10:5: boxes\[0\]\.size: says processors or memory, and a machine at Hetzner Cloud has those of its type; leave them out, /,
  );
  const all = t.throws(() => fleetKit(fleet, cloudOf('ec2')), { instanceOf: ConfigError });
  t.is(all?.problems.length, 3);
  t.regex(
    all?.message ?? '',
    /fleet\.yaml:11:5: boxes\[1\]: the config has no clouds\.ec2; add the section, /,
  );
});

test('user-data that the cloud would not take is told at the box', (t) => {
  const keys = Array.from({ length: 80 }, (_, index) => `ssh-rsa ${'A'.repeat(540)} key${index}`);
  const fleet = read(t);
  const [club, shop] = fleet.boxes;
  if (club === undefined || shop === undefined) return t.fail();
  const config = { ...shop.config, box: { ...shop.config.box, sshKeys: keys } };
  const error = t.throws(
    () => fleetKit({ ...fleet, boxes: [club, { ...shop, config }] }, cloudOf('hetzner')),
    { instanceOf: ConfigError },
  );
  t.regex(error?.message ?? '', /boxes\[1\]: the user-data is \d+ bytes and hetzner takes at most 32768; /);
});

test('the base is a config by itself, as whoever bakes it has it', (t) => {
  const at = folder(t);
  t.deepEqual(read(t).base, loadConfig(path.join(at, 'box.yaml')).config);
});
