/** Baking at a cloud: one clear error for whatever is missing here, and what Packer is asked for then. Packer is a stand-in. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { BakeError } from '../../../../builder/bake/bake-error.ts';
import {
  bakeOnCloud,
  CloudBakeError,
  type Environment,
  readyBuilder,
} from '../../../../builder/bake/on-cloud.ts';
import { packerVersion } from '../../../../builder/bake/run-packer.ts';
import { compile } from '../../../../builder/compile.ts';
import { parseConfig } from '../../../../builder/config/load.ts';
import type { ReadLock } from '../../../../builder/lock/read.ts';
import { type CloudName, cloudOf } from '../../../../clouds/index.ts';
import { fakePacker } from './fake-packer.ts';

const old = [1, 6] as const;
const config = parseConfig(
  `name: example
release: debian-12
box:
  hostname: box.example.com
  admin: { email: me@example.com }
  sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000]
clouds:
  hetzner: { server_type: cx23, location: fsn1 }
  linode: { region: eu-central, instance_type: g6-nanode-1 }
  ec2: { region: eu-central-1, instance_type: t3.small }
`,
  'box.yaml',
).config;
/** What it says; nothing where all is there. */
function refusal(name: CloudName, environment: Environment): string {
  try {
    readyBuilder({ config }, cloudOf(name), environment, old);
    return '';
  } catch (error) {
    if (error instanceof CloudBakeError) return error.message;
    throw error;
  }
}

test('a cloud that the config does not have is refused, with what its section needs', (t) => {
  t.is(
    refusal('digitalocean', { DIGITALOCEAN_API_TOKEN: 'x' }),
    'the config has no clouds.digitalocean: add the section, with values of your own: clouds: { digitalocean: { region: "fra1", size: "s-1vcpu-1gb" } } (docs/config.md)',
  );
});

test('without a log-in in the environment it says which names are meant', (t) => {
  t.is(
    refusal('hetzner', {}),
    'Hetzner Cloud wants to know who you are: set HCLOUD_TOKEN in the environment',
  );
  t.is(refusal('hetzner', { HCLOUD_TOKEN: '' }), refusal('hetzner', {}), 'an empty one is none');
  t.is(refusal('hetzner', { HCLOUD_TOKEN: 'x' }), '');
  t.regex(
    refusal('ec2', { AWS_ACCESS_KEY_ID: 'x' }),
    /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE/,
  );
  t.is(refusal('ec2', { AWS_PROFILE: 'x' }), '', 'any of the sets is enough');
});

test('a builder that the installed Packer lacks is refused; a newer one fetches it', (t) => {
  const environment = { LINODE_TOKEN: 'x' };
  t.is(
    refusal('linode', environment),
    'Packer 1.6 has no builder linode: install Packer 1.7 or newer, which fetches it',
  );
  t.is(readyBuilder({ config }, cloudOf('linode'), environment, [1, 11]).type, 'linode');
});

test('a lock is not held to where the packages are those of a cloud’s own image', (t) => {
  const lock: ReadLock = {
    release: config.release,
    packages: [],
    config: 'box.yaml',
    file: 'box.lock',
    placeOf: () => ({ file: 'box.lock' }),
  };
  t.throws(() => readyBuilder({ config, lock }, cloudOf('hetzner'), { HCLOUD_TOKEN: 'x' }, old), {
    message: /^box\.lock can't be held to on Hetzner.*; bake here and import that, or remove the file$/,
  });
});

test('the log-in for an archive that is sold goes to no cloud', (t) => {
  const image = { ...config.image, esmMirror: 'https://esm.example.net/ubuntu' };
  const error = t.throws(
    () => readyBuilder({ config: { ...config, image } }, cloudOf('hetzner'), { HCLOUD_TOKEN: 'x' }, old),
    { instanceOf: CloudBakeError },
  );
  t.regex(error?.message ?? '', /image\.esmMirror .* goes to no cloud: bake here/);
});

/** Has a stand-in bake at a cloud that needs no log-in to be told. */
async function baked(t: ExecutionContext, packer: Parameters<typeof fakePacker>[1]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-on-cloud-'));
  const { asked, remove } = fakePacker(folder, packer);
  t.teardown(() => {
    remove();
    rmSync(folder, { recursive: true });
  });
  const out = path.join(folder, 'out');
  const said: string[] = [];
  const compiled = await compile(config);
  const cloud = cloudOf('hetzner');
  const builder = readyBuilder(compiled, cloud, { HCLOUD_TOKEN: 'x' }, await packerVersion());
  const report = (text: string) => said.push(text);
  const made = bakeOnCloud({ compiled, cloud, builder, out, report });
  return { made, asked, said, out };
}

const good = `echo '==> hcloud.box: Connected to SSH!'
echo '    hcloud.box: letterbox: step 10-packages, up 9 s'
echo '==> Builds finished. The artifacts of successful builds are:'
echo "--> hcloud.box: A snapshot was created: 'example-1' (ID: 7)"`;

test.serial(
  'Packer is given one folder with one template, and its words for what it made are told',
  async (t) => {
    const { made, asked, said, out } = await baked(t, { version: '1.6.6', build: good });
    t.deepEqual(await made, ["A snapshot was created: 'example-1' (ID: 7)"]);
    const [, , build = '', ...listed] = asked();
    t.regex(
      build,
      /^build -color=false -on-error=cleanup -var=bake_dir=\S+\/bake -var=provision_dir=\S+\/packer\/provision \S+\/template$/,
    );
    t.deepEqual(listed, ['box.pkr.json'], '1.6.6 would refuse the block for plug-ins');
    t.true(said.includes('letterbox: step 10-packages, up 9 s'));
    t.deepEqual(readdirSync(out).sort(), ['bake', 'packer'], 'nothing else stays');
  },
);

test.serial('a newer Packer is given the block for plug-ins too, and fetches them first', async (t) => {
  const { made, asked } = await baked(t, { version: '1.11.2', build: good });
  await made;
  t.true(asked().some((line) => line.startsWith('init ')));
  t.deepEqual(asked().slice(-2), ['box.pkr.json', 'plugins.pkr.json']);
});

test.serial('a step that fails is told in its own words, with where to look', async (t) => {
  const bad = `echo '    hcloud.box: letterbox: step 80-verify, up 99 s'
echo '    hcloud.box: role postfix: postfix check failed'
echo '==> hcloud.box: Script exited with non-zero exit status: 1.'
exit 1`;
  const { made, out } = await baked(t, { version: '1.6.6', build: bad });
  const error = await t.throwsAsync(made, { instanceOf: BakeError });
  t.regex(error.message, /role postfix: postfix check failed/);
  t.regex(error.message, /see in Hetzner Cloud whether hcloud left one/);
  t.true(existsSync(path.join(out, 'bake-on-hetzner/packer.log')));
});

test.serial('that Packer exits 0 and made nothing is an error', async (t) => {
  const { made } = await baked(t, {
    version: '1.6.6',
    build: 'echo "==> Builds finished but no artifacts were created."',
  });
  await t.throwsAsync(made, { message: /^Packer made nothing: / });
});

test.serial('without a Packer it says how to have one', async (t) => {
  const before = process.env.PATH;
  t.teardown(() => {
    process.env.PATH = before;
  });
  process.env.PATH = '/nowhere';
  await t.throwsAsync(packerVersion(), { message: /^Packer is not installed: / });
});
