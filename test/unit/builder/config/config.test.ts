/** What a good config reads as: defaults, units, and the freedom that YAML leaves. */
import test from 'ava';
import { parseConfig } from '../../../../builder/config/load.ts';
import { ConfigError, formatProblem } from '../../../../builder/config/problem.ts';
import { bytes } from '../../../../builder/config/values.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000 you@laptop';
const small = `name: example
release: debian-12
box:
  hostname: box.example.com
  admin:
    email: me@example.com
  sshKeys:
    - ${key}
`;

test('a small config gets every default', (t) => {
  t.deepEqual(parseConfig(small, 'box.yaml').config, {
    name: 'example',
    release: 'debian-12',
    cloud: 'qemu',
    box: {
      hostname: 'box.example.com',
      admin: { email: 'me@example.com' },
      sshKeys: [key],
      timezone: 'Etc/UTC',
      storage: {},
    },
    acme: { enabled: false, challenge: 'http-01' },
    bruteForce: { allow: [] },
    dns: { mode: 'own', algorithm: 'ECDSAP256SHA256', external: [] },
    mail: { messageSizeLimit: 128 * 1024 ** 2 },
    inbound: { dmarc: 'quarantine', legacyTls: false },
    outbound: { from: 'strict', recipientsPerHour: 500, reports: true },
    tls: { policy: 'intermediate' },
    web: { sftpKeys: [] },
    image: { diskSize: 8 * 1024 ** 3, formats: ['qcow2'] },
    boot: { memory: 1024 ** 3, cpus: 2, firmware: 'bios' },
    clouds: {},
  });
});

test('a section with one key keeps the defaults of the others', (t) => {
  const { image, boot } = parseConfig(`${small}image: { diskSize: 16GiB }\nboot: {}\n`, 'box.yaml').config;
  t.deepEqual(image, { diskSize: 16 * 1024 ** 3, formats: ['qcow2'] });
  t.deepEqual(boot, { memory: 1024 ** 3, cpus: 2, firmware: 'bios' });
});

test('a size is a whole number and a binary unit', (t) => {
  t.is(bytes('3KiB'), 3072);
  t.is(bytes('512MiB'), 536_870_912);
  t.is(bytes('8GiB'), 8_589_934_592);
});

test('anchors, comments, quotes, CRLF and flow style are all the same YAML', (t) => {
  const plain = parseConfig(small, 'box.yaml').config;
  const spellings = [
    small.replaceAll('\n', '\r\n'),
    `# a comment\n---\n${small}...\n`,
    small.replace('box.example.com', '"box.example.com"'),
    small.replace('box.example.com', '!!str box.example.com'),
    `%YAML 1.2\n---\n${small}`,
    JSON.stringify({
      name: 'example',
      release: 'debian-12',
      box: { hostname: 'box.example.com', admin: { email: 'me@example.com' }, sshKeys: [key] },
    }),
  ];
  for (const text of spellings) t.deepEqual(parseConfig(text, 'box.yaml').config, plain, text);

  const anchored = parseConfig(
    `${small}image: { diskSize: &size 8GiB }\nboot: { memory: *size }\n`,
    'box.yaml',
  );
  t.is(anchored.config.boot.memory, 8 * 1024 ** 3);
});

test('a value tells its place later on; an absent one tells where its section stands', (t) => {
  const { source } = parseConfig(small, 'box.yaml');
  t.deepEqual(source.placeOf(['box', 'hostname']), { file: 'box.yaml', line: 4, column: 13 });
  t.deepEqual(source.placeOf(['box', 'sshKeys', 0]), { file: 'box.yaml', line: 8, column: 7 });
  t.deepEqual(source.placeOf(['box', 'admin']), { file: 'box.yaml', line: 5, column: 3 });
  t.deepEqual(source.placeOf(['box', 'timezone']), { file: 'box.yaml', line: 3, column: 1 });
  t.deepEqual(source.placeOf(['tls', 'policy']), { file: 'box.yaml', line: 1, column: 1 });
});

test('an error at an alias points to the alias, one inside an aliased section to the section itself', (t) => {
  const text = `${small}boot: &b { cpus: 100 }\nimage: { diskSize: &d 1GiB }\nmail: { messageSizeLimit: *d }\n`;
  const error = t.throws(() => parseConfig(text, 'box.yaml'), { instanceOf: ConfigError });
  t.deepEqual(
    error?.problems.map(({ place, key: at }) => `${place.line}:${place.column} ${at}`),
    ['9:18 boot.cpus', '10:23 image.diskSize'],
  );
});

test('a problem is one line, whatever is in the name of the file', (t) => {
  const place = { file: 'evil\n\u001b[31m.yaml', line: 1, column: 2 };
  const line = formatProblem({ place, key: 'name', rule: 'must be short', remedy: 'cut it' });
  t.is(line, 'evil\uFFFD\uFFFD[31m.yaml:1:2: name: must be short; cut it');
});

test('problems are sorted by place, and one key has one problem', (t) => {
  const problem = (line: number, key: string, rule: string) => ({
    place: { file: 'box.yaml', line, column: 1 },
    key,
    rule,
    remedy: 'mend it',
  });
  const error = new ConfigError([problem(9, 'b', 'x'), problem(2, 'a', 'first'), problem(2, 'a', 'second')]);
  t.is(error.message, 'box.yaml:2:1: a: first; mend it\nbox.yaml:9:1: b: x; mend it');
});
