import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { parse } from 'yaml';
import { metaData } from '../../../../builder/outputs/meta-data.ts';
import { overlayTarball } from '../../../../builder/outputs/overlay-tarball.ts';
import { UserDataTooLarge, userData } from '../../../../builder/outputs/user-data.ts';
import { userDataLimit } from '../../../../clouds/cloud.ts';
import { type CloudName, clouds } from '../../../../clouds/index.ts';
import type { Settings } from '../../../../contract/settings.ts';

const settings: Settings = {
  format: 1,
  hostname: 'box.example.com',
  admin: { email: 'me@example.com' },
  timezone: 'Etc/UTC',
  storage: {},
};

test('user-data reads the same in YAML 1.1 and 1.2, whatever an ssh key is called', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,40}$/), (comment) => {
      const text = userData({ settings, sshKeys: [comment] }, 'qemu');
      const read = (['1.1', '1.2'] as const).map(
        (version) => parse(text, { version }) as { ssh_authorized_keys: string[] },
      );
      return isDeepStrictEqual(read[0], read[1]) && read[0]?.ssh_authorized_keys[0] === comment;
    }),
  );
  t.pass();
});

test('user-data mounts the state volume where one is given, and formats it only through the script that looks first', (t) => {
  const text = userData({ settings: { ...settings, storage: { device: '/dev/vdb' } }, sshKeys: [] }, 'qemu');
  const read = parse(text, { version: '1.1' }) as {
    bootcmd: string[][];
    fs_setup?: unknown;
    mounts: string[][];
  };
  t.deepEqual(read.bootcmd, [['/usr/lib/box/format-state', '/dev/vdb']]);
  t.is(read.fs_setup, undefined);
  t.deepEqual(read.mounts[0]?.slice(0, 3), ['/dev/vdb', '/home/user-data', 'ext4']);
});

test("user-data over the cloud's limit is an error with the figure", (t) => {
  const sshKeys = Array.from({ length: 40 }, (_, index) => `ssh-rsa ${'A'.repeat(540)} key${index}`);
  const error = t.throws(() => userData({ settings, sshKeys }, 'ec2'), { instanceOf: UserDataTooLarge });
  t.regex(error.message, /is \d{5} bytes and ec2 takes at most 16384/);
  t.notThrows(() => userData({ settings, sshKeys }, 'hetzner'));
});

test('of every cloud the figure is the one that its data has, and one byte less is taken', (t) => {
  for (const cloud of clouds) {
    const limit = userDataLimit(cloud);
    const name = cloud.name as CloudName;
    const bare = Buffer.byteLength(userData({ settings, sshKeys: ['k'] }, name));
    const key = (bytes: number) => ['k'.repeat(1 + bytes - bare)];
    t.is(Buffer.byteLength(userData({ settings, sshKeys: key(limit) }, name)), limit, name);
    t.throws(() => userData({ settings, sshKeys: key(limit + 1) }, name), {
      message: new RegExp(`is ${limit + 1} bytes and ${name} takes at most ${limit}:`),
    });
  }
});

test('other user-data is another instance', (t) => {
  t.not(metaData('box.example.com', 'a'), metaData('box.example.com', 'b'));
  t.is(metaData('box.example.com', 'a'), metaData('box.example.com', 'a'));
});

test('the overlay tarball is byte for byte the same for the same files, in every time zone and at every time', async (t) => {
  const files = [{ path: '/etc/a', mode: '0640', owner: 'root', group: 'mail', text: 'a\n', from: 'x' }];
  t.deepEqual(await overlayTarball(files), await overlayTarball(files));
});
