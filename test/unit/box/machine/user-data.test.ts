/** User-data that brought no settings: what the box says of it, and the owner's keys that it still finds in it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { explainUserData } from '../../../../box/machine/user-data.ts';
import { userData } from '../../../../builder/outputs/user-data.ts';
import { projectRoot } from '../../../../builder/paths.ts';
import { settings, TemporaryBox } from '../temporary-box.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOcchh7sbi5gxyQsbZJqY3uCpDYeF7GU0+xCei1s6gqp';
const good = userData({ settings, sshKeys: [`${key} me@laptop`] }, 'qemu');
const bytes = (text: string) => Buffer.from(text);
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const replaceOnce = (from: string, to: string) => {
  const changed = good.replace(from, to);
  if (changed === good) throw new Error(`no ${from}`);
  return changed;
};
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

/** Whether the owner's key is found in it, besides. */
const faults: [what: string, data: Buffer, says: RegExp, key: boolean][] = [
  [
    'a byte order mark',
    bytes(`\ufeff${good}`),
    /begins with a byte order mark.*left it aside at byte 1 \(/,
    true,
  ],
  ['UTF-16', utf16(good), /it is UTF-16.*at byte 1 /, true],
  ['UTF-16 without a mark', Buffer.from(good, 'utf16le'), /it is UTF-16.*at byte 2 /, true],
  ['"---" before the header', bytes(`---\n${good}`), /"---" stands before #cloud-config.*at byte 1 /, true],
  ['a blank in the header', bytes(good.replace('#cloud', '# cloud')), /a blank stands.*at byte 2 /, true],
  ['no header', bytes(good.replace('#cloud-config\n', '')), /first line is not #cloud-config/, true],
  [
    'a comment before the header',
    bytes(`# mine\n${good}`),
    /something stands before #cloud-config.*byte 1 /,
    true,
  ],
  [
    'quotes of a word processor',
    bytes(good.replace(/: "|- "/g, (text) => text.replace('"', '\u201c')).replace(/"\n/g, '\u201d\n')),
    /U\+201C where YAML has a plain sign.* at byte \d+ \(line \d+, column \d+\)/,
    true,
  ],
  [
    'such quotes in the encoding of Windows',
    Buffer.from(good.replace(/: "/g, ': \x93').replace(/"\n/g, '\x94\n'), 'latin1'),
    /it is not UTF-8 at byte \d+/,
    true,
  ],
  ['a key in quotes', bytes(replaceOnce('    content: "', '    content: \u201c')), /U\+201C/, true],
  ['a hyphen of a word processor', bytes(replaceOnce('  - "ssh', '  \u2013 "ssh')), /U\+2013/, true],
  ['blanks of a web page', bytes(replaceOnce('  - "ssh', '\u00a0\u00a0- "ssh')), /U\+00A0.*at byte/, true],
  [
    'a tab',
    bytes(replaceOnce('    owner:', '\towner:')),
    new RegExp(`a tab indents a line.*\\(line ${lineOf(good, '    owner:')}, column 1\\)`),
    true,
  ],
  ['a byte that is 0', bytes(replaceOnce('0600', '06\x00')), /a byte that is 0 at byte \d+/, true],
  ['an end in the middle of a value', bytes(good.slice(0, -40)), /ends in the middle, after \d+ bytes/, true],
  [
    'an end between two lines',
    bytes(good.slice(0, good.indexOf('write_files'))),
    /is its end missing\?/,
    true,
  ],
  ['an end in the key', bytes(good.slice(0, good.indexOf(key) + 60)), /ends in the middle/, false],
  ['base64, twice', bytes(Buffer.from(good).toString('base64')), /it is base64/, false],
  ['gzip that is cut off', gzipSync(good).subarray(0, 100), /gzip, and damaged or cut off/, false],
  ['a script', bytes('#!/bin/sh\ntrue\n'), /it is a script/, false],
  ['a page', bytes('<html>404</html>\n'), /first line is not #cloud-config/, false],
  ['a list', bytes('#cloud-config\n- a\n- b\n'), /writes no \/etc\/box\/settings\.json/, false],
  ['a header alone', bytes('#cloud-config\n'), /writes no \/etc\/box\/settings\.json/, false],
  [
    'a fault of YAML',
    bytes(replaceOnce('write_files:', 'write_files: [}')),
    /could not read it as YAML/,
    true,
  ],
];
for (const [what, data, says, hasKey] of faults) {
  test(`user-data with ${what}: it is said, and ${hasKey ? 'the key is found' : 'no key'}`, async (t) => {
    const { error, hint } = await explainUserData(data);
    t.regex(error, says);
    t.regex(error, new RegExp(`^there is user-data \\(${data.length} bytes\\)`));
    t.regex(hint, /letterbox build/);
    t.notRegex(error + hint, /\$6\$/, 'no hash is told');
    const root = cloud(t, data);
    rescue(root);
    const keys = path.join(root, 'root/.ssh/authorized_keys');
    t.is(existsSync(keys) ? readFileSync(keys, 'utf8') : '', hasKey ? `${key} from-user-data\n` : '');
    if (hasKey) t.is(statSync(keys).mode & 0o777, 0o600);
  });
}

const script = path.join(projectRoot, 'overlays/system/common/usr/lib/box/keys-from-user-data');
const rescue = (root: string) => execFileSync('/usr/bin/python3', ['-I', '-S', script, root]);
function cloud(t: ExecutionContext, data: Buffer): string {
  const root = mkdtempSync(path.join(tmpdir(), 'letterbox-user-data-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  mkdirSync(path.join(root, 'var/lib/cloud/instance'), { recursive: true });
  writeFileSync(path.join(root, 'var/lib/cloud/instance/user-data.txt'), data);
  return root;
}

test('settings that are no JSON: the byte is named', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write('/etc/box/settings.json', '{\n  "format": 1,\n  \u201chostname\u201d: "box.example.com"\n}\n');
  t.is(await box.box('init'), 1);
  t.is(box.report().error, '/etc/box/settings.json is not JSON at byte 20 (line 3, column 3)');
});

test('keys that somebody else has on the box do not become root’s; those that are there stay', (t) => {
  const foreign = bytes(`users:\n  - name: bob\n    ssh_authorized_keys:\n      - ${key} bob\n`);
  const other = cloud(t, foreign);
  rescue(other);
  t.false(existsSync(path.join(other, 'root/.ssh/authorized_keys')));
  const root = cloud(t, bytes(`---\n${good}`));
  mkdirSync(path.join(root, 'root/.ssh'), { recursive: true });
  writeFileSync(path.join(root, 'root/.ssh/authorized_keys'), 'ssh-rsa of-the-cloud\n');
  rescue(root);
  rescue(root);
  t.is(
    readFileSync(path.join(root, 'root/.ssh/authorized_keys'), 'utf8'),
    `ssh-rsa of-the-cloud\n${key} from-user-data\n`,
  );
});

test('a box that has its settings takes no key from user-data', (t) => {
  const root = cloud(t, bytes(`---\n${good}`));
  mkdirSync(path.join(root, 'etc/box'), { recursive: true });
  writeFileSync(path.join(root, 'etc/box/settings.json'), '{}');
  rescue(root);
  t.false(existsSync(path.join(root, 'root/.ssh')));
});

test('box init and box status say what is wrong with the user-data', async (t) => {
  const box = await TemporaryBox.booted(t);
  rmSync(box.at('/etc/box/settings.json'));
  box.write('/var/lib/cloud/instance/user-data.txt', `---\n${good}`);
  t.is(await box.box('init'), 1);
  t.regex(String(box.report().error), /^there is user-data .*"---" stands before #cloud-config/);
  await box.box('status');
  t.regex(box.said.join('\n'), /error {4}settings: there is user-data/);
  box.write('/var/lib/cloud/instance/user-data.txt', ' \n');
  t.is(await box.box('init'), 1);
  t.regex(String(box.report().error), /^no settings: there is no user-data/);
});

test('a box without user-data says where it was looked for and what the machine shows, to whom can’t log in too', async (t) => {
  const box = await TemporaryBox.booted(t);
  const disks = 'vda \nvdb cidata\nsr0 My\\x20CD\n';
  box.answer = ([program]) => (program === 'lsblk' ? { out: disks } : undefined);
  rmSync(box.at('/etc/box/settings.json'));
  box.write(
    '/etc/cloud/cloud.cfg.d/91_box.cfg',
    '#cloud-config\ndatasource_list: [ ConfigDrive, NoCloud, Ec2, None ]\n',
  );
  box.write('/run/cloud-init/status.json', '{"v1": {"datasource": null}}');
  box.write('/sys/devices/virtual/dmi/id/sys_vendor', 'Hetzner\n');
  box.write('/sys/devices/virtual/dmi/id/product_name', 'vServer\n');
  t.is(await box.box('init'), 1);
  const { error, hint } = box.report();
  t.is(
    error,
    'no settings: there is no user-data: cloud-init looked for ConfigDrive, NoCloud, Ec2, and found none of them',
  );
  t.regex(
    String(hint),
    /\(here: Hetzner vServer; disks: vda without a label, vdb labelled cidata, sr0 labelled My\\x20CD\)$/,
  );
  const banner = readFileSync(box.at('/run/box/ssh-banner'), 'utf8');
  t.true(banner.includes(String(error)) && banner.includes(String(hint)), banner);

  box.write('/run/cloud-init/status.json', '{"v1": {"datasource": "DataSourceNoCloud [seed=/dev/vdb]"}}');
  t.is(await box.box('init'), 1);
  t.regex(String(box.report().error), /: cloud-init found NoCloud \[seed=\/dev\/vdb\], which has none$/);

  box.settle({});
  t.is(await box.box('init'), 0);
  t.false(existsSync(box.at('/run/box/ssh-banner')));
});
