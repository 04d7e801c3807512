/** Before anything is started at a cloud: one clear error for whatever is missing here. */
import test from 'ava';
import { CloudBakeError, type Environment, readyBuilder } from '../../../../builder/bake/on-cloud.ts';
import { parseConfig } from '../../../../builder/config/load.ts';
import { type CloudName, cloudOf } from '../../../../clouds/index.ts';

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
    readyBuilder(config, cloudOf(name), environment, old);
    return '';
  } catch (error) {
    if (error instanceof CloudBakeError) return error.message;
    throw error;
  }
}

test('a cloud that the config does not have is refused, with what its section needs', (t) => {
  t.is(
    refusal('digitalocean', { DIGITALOCEAN_API_TOKEN: 'x' }),
    'the config has no clouds.digitalocean: add the section, with region, size (docs/config.md)',
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
  t.is(readyBuilder(config, cloudOf('linode'), environment, [1, 11]).type, 'linode');
});
