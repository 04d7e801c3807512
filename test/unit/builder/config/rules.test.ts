/** The rules: each reads only what it declares, and each is right at its boundary. */
import test from 'ava';
import type { Finding } from '../../../../builder/config/rules/rule.ts';
import { rules } from '../../../../builder/config/rules.ts';
import { type Config, configSchema } from '../../../../builder/config/schema.ts';
import { parseSshKey } from '../../../../builder/config/ssh-key.ts';
import { releases } from '../../../../releases/index.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000';

/** A good config with some keys of `box` and some sections changed. */
function config(box: object = {}, sections: object = {}): Config {
  return configSchema.parse({
    name: 'example',
    release: [...releases.keys()][0],
    box: { hostname: 'box.example.com', admin: { email: 'me@example.com' }, sshKeys: [key], ...box },
    ...sections,
  });
}

function ask(name: string, it: Config): readonly Finding[] {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`no rule "${name}"`);
  return rule.check(it, releases);
}

test('a good config breaks no rule', (t) => {
  for (const { name } of rules) t.deepEqual(ask(name, config()), [], name);
});

test('every rule has a name and a sentence of its own', (t) => {
  t.is(new Set(rules.map(({ name }) => name)).size, rules.length);
  t.is(new Set(rules.map(({ holds }) => holds)).size, rules.length);
});

for (const rule of rules) {
  test(`"${rule.name}" reads the keys that it declares, and no other`, (t) => {
    const wrong = {
      admin: { email: 'me@home.lan', passwordHash: `$6$rounds=9999999$salt$${'a'.repeat(86)}` },
      sshKeys: [key, key],
      publicIpv4: '10.0.0.1',
      publicIpv6: 'fe80::1',
      storage: { device: '/dev/vda' },
      restore: { from: 'rsync://me@box.example.com:0/x', hostKey: key },
      timezone: 'Mars/Base',
    };
    const mirrors = { mirror: 'https://a:b@c.example/', esmMirror: 'https://a:b@d.example/' };
    const image = { formats: ['gce', 'gce'], diskSize: '4097MiB', ...mirrors };
    const outbound = { relay: { host: 'box.example.com', port: 465, username: 'me', password: 'hunter2' } };
    const read = new Set<string>();
    for (const it of [config(), config(wrong, { cloud: 'azure', image, outbound }), config({ sshKeys: [] })])
      rule.check(spied(it, '', read), releases);
    for (const path of read) {
      const leads = rule.reads.some((declared) => declared.startsWith(`${path}.`));
      t.true(leads || rule.reads.includes(path), `reads ${path}`);
    }
    for (const declared of rule.reads) t.true(read.has(declared), `does not read ${declared}`);
  });
}

test('the public address: ranges that nobody can reach', (t) => {
  const refused = (publicIpv4: string) =>
    ask('the public IPv4 address is public', config({ publicIpv4 })).length > 0;
  for (const address of [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ])
    t.true(refused(address), address);
  for (const address of [
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.5',
    '223.255.255.255',
  ])
    t.false(refused(address), address);
});

test('the public IPv6 address: documentation and global ones are fine', (t) => {
  const refused = (publicIpv6: string) =>
    ask('the public IPv6 address is public', config({ publicIpv6 })).length > 0;
  for (const address of ['::', '::1', 'fe80::1', 'fd00::1', 'ff02::1', '::ffff:1.2.3.4'])
    t.true(refused(address), address);
  for (const address of ['2001:db8::5', '2606:4700::1111', '::2']) t.false(refused(address), address);
});

test('the storage device: what cloud-init mounts, which is whole disks by names without a dot', (t) => {
  const refused = (device: string) =>
    ask('the storage root is a disk that cloud-init mounts', config({ storage: { device } })).length > 0;
  for (const device of [
    '/dev/vdb1',
    '/dev/sdaa2',
    '/dev/xvdf1',
    '/dev/nvme1n1p1',
    '/dev/mmcblk1p2',
    '/dev/disk/by-id/virtio-state-part1',
    '/dev/disk/by-id/nvme-eui.0025385b71b0c3a2',
    '/dev/disk/by-partuuid/5b4d1c2e-01',
  ])
    t.true(refused(device), device);
  for (const device of [
    '/dev/vdb',
    '/dev/sdaa',
    '/dev/nvme1n1',
    '/dev/nvme10n1',
    '/dev/md0',
    '/dev/dm-1',
    '/dev/mapper/state-mail',
    '/dev/disk/by-id/virtio-state',
    '/dev/disk/by-id/scsi-0HC_Volume_123',
    '/dev/disk/azure/scsi1/lun0',
  ])
    t.false(refused(device), device);
});

test('the storage device: the root disk and its partitions, by the names that clouds give them', (t) => {
  const refused = (device: string, cloud: string) =>
    ask('the storage root is not the root disk', config({ storage: { device } }, { cloud })).length > 0;
  for (const device of [
    '/dev/vda',
    '/dev/vda1',
    '/dev/sda',
    '/dev/sda3',
    '/dev/xvda',
    '/dev/nvme0n1',
    '/dev/nvme0n1p3',
  ])
    t.true(refused(device, 'ec2'), device);
  for (const device of ['/dev/vdb', '/dev/sdb1', '/dev/nvme1n1', '/dev/disk/by-id/virtio-state', '/dev/vdaa'])
    t.false(refused(device, 'qemu'), device);
  t.false(refused('/dev/sda', 'digitalocean'), 'the first volume of a droplet');
});

test('the largest mail may be a quarter of the disk', (t) => {
  const broken = (messageSizeLimit: string) =>
    ask(
      'the largest mail fits the disk',
      config({}, { mail: { messageSizeLimit }, image: { diskSize: '4GiB' } }),
    ).length;
  t.is(broken('1024MiB'), 0);
  t.is(broken('1025MiB'), 1);
});

test('a host name of 64 characters fits, one of 65 does not', (t) => {
  const broken = (hostname: string) =>
    ask('the host name fits a certificate and the kernel', config({ hostname })).length;
  t.is(broken(`${'b'.repeat(59)}.c.de`), 0);
  t.is(broken(`${'b'.repeat(60)}.c.de`), 1);
});

test('names of the tz database, also the old ones', (t) => {
  const broken = (timezone: string) => ask('the time zone exists', config({ timezone })).length;
  for (const zone of [
    'UTC',
    'Etc/UTC',
    'Etc/GMT+5',
    'Europe/Berlin',
    'Asia/Calcutta',
    'America/Argentina/Ushuaia',
    'US/Eastern',
  ])
    t.is(broken(zone), 0, zone);
  for (const zone of ['Europe/Atlantis', 'utc', 'europe/berlin', 'GMT+25']) t.is(broken(zone), 1, zone);
});

test('public keys of every type that sshd takes', (t) => {
  // The public halves of throw-away keys, made with ssh-keygen.
  const keys = [
    key,
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBtCT+/1THZXFdZ0M5JiCEITl+zT4O4XW3w0EkW8ltze3NFbvVFzQNTO61jLQ6GfBUZ1uwE+gxXaUfqn6nsVMoY=',
    'ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBIVeMM7yvdgFUWAvlAhQG6sOThqzyDnvAi/Bc08GtwuF+HxEy3zumdE8P9OnDjpcaTL1FOdYAQRUqLtT72f5RFSk6o104IjEC6NNCXnHDrOidRmBkMREYMUBXT+iGTo6ow==',
    'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACbVei+5TdgkR7utsZkk/VeEKYvF44Yo5L+i7fVE5lOmprC+RX8Q7NBLciHvT2ZNM/9w685rjVBzxDMVrnapxN4cgD9wNueQxkJhm//5mSjqNuqba57+Ffe0/k78Y7s7Kd+gXjXuEcIfKrJuWf8XtZb6wuY5RZX4ZD/ttFbwdznsumfzA==',
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCmjJhFCXZcUbDgIwgd0DAZXPU/8iUu/8s5NiIzirWgTlBGmSizPob2c6Cm2FqWzxTefpO1AZ0Bh83AE3HN6N+KcUvS/Ykme0RdNVM8OajOX120DS3pA58TBvixhMg65zTCB9Q3Uob/vmwfzc29RFWV+A5TsG4L6g7bEU7tVXx9ER3vqs2cCJM8UUAMrUBOAbr9GtYCXxGA+mTjsBuWo5UZ7qGHArVp1tUBuENg+1nVXXbzPmliVk/q0ebN+MDdnaSawuf12hxyGhzqzmPxGw5m22JakMAByb8Kij2PxuDBEqKuCQC0kXlvjroPbVifDz2cADj0wA3/g8SEkF7ArCS3',
  ];
  t.deepEqual(
    keys.map((line) => parseSshKey(line)?.type),
    ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'],
  );
  t.is(parseSshKey(keys[4] ?? '')?.rsaBits, 2048);
  for (const line of keys) t.is(parseSshKey(line.slice(0, -4)), undefined, 'a cut one');
  t.is(parseSshKey(`ssh-rsa ${key.split(' ')[1]}`), undefined, 'another type inside');
  t.is(
    parseSshKey(skKey('sk-ssh-ed25519@openssh.com', Buffer.alloc(32)))?.type,
    'sk-ssh-ed25519@openssh.com',
  );
  t.is(parseSshKey(skKey('sk-ssh-ed25519@openssh.com', Buffer.alloc(31))), undefined);
});

/** A hardware key as PROTOCOL.u2f lays it out: type, key, application. */
function skKey(type: string, point: Buffer): string {
  const fields = [Buffer.from(type), point, Buffer.from('ssh:')].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return `${type} ${Buffer.concat(fields).toString('base64')}`;
}

/** The value, noting the path of everything that is read from it. */
function spied<T>(value: T, path: string, read: Set<string>): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return new Proxy(value, {
    get: (target, name) => {
      const inner = path === '' ? String(name) : `${path}.${String(name)}`;
      read.add(inner);
      return spied(Reflect.get(target, name), inner, read);
    },
  });
}
