/** What holds for every text: it is a config, or it is refused with a place; and a secret stays one. */
import test from 'ava';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseConfig } from '../../builder/config/load.ts';
import { ConfigError, type Problem } from '../../builder/config/problem.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000 you@laptop';
const hash = `$6$saltsalt$${'a'.repeat(86)}`;

/** A config that sets every key, each on a line of its own. */
const lines = `name: example
release: debian-12
cloud: qemu
box:
  hostname: box.example.com
  admin:
    email: me@example.com
    passwordHash: ${hash}
  sshKeys:
    - ${key}
  timezone: Europe/Berlin
  publicIpv4: 203.0.113.5
  publicIpv6: 2001:db8::5
  storage:
    device: /dev/vdb
mail:
  messageSizeLimit: 64MiB
tls:
  policy: intermediate
image:
  diskSize: 8GiB
  formats: [qcow2, raw]
  mirror: https://mirror.example.net/debian
boot:
  memory: 2GiB
  cpus: 1
  firmware: uefi`.split('\n');

const text = lines.join('\n');
const keyLines = lines.flatMap((line, index) => (/^ *\w+:/.test(line) ? [index] : []));
const leafLines = keyLines.filter((index) => /: \S/.test(lines[index] ?? ''));

function problemsIn(yaml: string): readonly Problem[] {
  try {
    parseConfig(yaml, 'box.yaml');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const edited = (index: number, change: (line: string) => string) =>
  lines.map((line, at) => (at === index ? change(line) : line)).join('\n');

test('the config that sets every key is good', (t) => {
  t.deepEqual(problemsIn(text), []);
});

test('a key with one letter changed is a problem on its line', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...keyLines),
      fc.nat(),
      fc.constantFrom('x', 'Q', '_', '9'),
      (index, at, letter) => {
        const yaml = edited(index, (line) =>
          line.replace(
            /\w+(?=:)/,
            (name) => name.slice(0, at % name.length) + letter + name.slice((at % name.length) + 1),
          ),
        );
        fc.pre(yaml !== text);
        const problems = problemsIn(yaml);
        return problems.some(
          ({ place, rule }) => place.line === index + 1 && rule === 'is not a key of this section',
        );
      },
    ),
  );
  t.pass();
});

test('a key that no section knows is a problem on its line, wherever it is put', (t) => {
  const name = fc.stringMatching(/^[a-z]{3,12}Zz$/);
  fc.assert(
    fc.property(fc.constantFrom(...keyLines), name, (index, unknown) => {
      const indent = /^ */.exec(lines[index] ?? '')?.[0];
      const yaml = [...lines.slice(0, index), `${indent}${unknown}: 1`, ...lines.slice(index)].join('\n');
      const problems = problemsIn(yaml);
      return (
        problems.length === 1 && problems[0]?.place.line === index + 1 && problems[0].key.endsWith(unknown)
      );
    }),
  );
  t.pass();
});

test('a value of the wrong kind is a problem at its place', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...leafLines),
      fc.constantFrom('true', '{a: b}', '[[]]', '3.25', '"\\t"'),
      (index, value) => {
        const yaml = edited(index, (line) => line.replace(/: .*/, `: ${value}`));
        return problemsIn(yaml).some(({ place }) => place.line === index + 1);
      },
    ),
  );
  t.pass();
});

test('a missing required key points to its section', (t) => {
  for (const [line, section, name] of [
    [5, 4, 'box.hostname'],
    [7, 6, 'box.admin.email'],
    [2, 1, 'release'],
  ] as const) {
    const problems = problemsIn(lines.filter((_, index) => index !== line - 1).join('\n'));
    t.deepEqual(
      problems.map(({ place, key: at, rule }) => [place.line, at, rule]),
      [[section, name, 'is missing']],
    );
  }
});

test('any text is either a config or refused with problems that have a rule and a remedy', (t) => {
  const piece = fc.constantFrom(
    ...[
      ': ',
      '- ',
      '\n',
      '\n  ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '&a ',
      '*a',
      '|',
      '>',
      '? ',
      '!!map ',
      '!x ',
      '%',
      '# ',
    ],
    ...[
      '\t',
      ' ',
      ',',
      '---\n',
      '...\n',
      '<<',
      '__proto__',
      'constructor',
      'no',
      '010',
      '1:30',
      'null',
      '\u0000',
      '\uFEFF',
    ],
    ...lines.map((line) => `${line}\n`),
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc
      .tuple(fc.nat(text.length), fc.nat(8), piece)
      .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut)),
  );
  fc.assert(
    fc.property(anyText, (yaml) =>
      problemsIn(yaml).every(
        ({ rule, remedy, place }) => rule !== '' && remedy !== '' && (place.line ?? 1) >= 1,
      ),
    ),
    { numRuns: 1000 },
  );
  t.pass();
});

test('text that nests without end is refused, in whichever way it nests', (t) => {
  const nests = ['[', '{a: ', '- ', '? ', '[[{', '{a: [', '? - ', '&a [', '!x [', '{? ', '[? ', '- ? '];
  for (const piece of nests) t.true(problemsIn(`name: ${piece.repeat(50_000)}`).length > 0, piece);
  for (const piece of nests) t.true(problemsIn(piece.repeat(50_000)).length > 0, piece);
  const stairs = Array.from({ length: 1200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
  t.true(problemsIn(stairs).length > 0, 'a staircase of keys');
  const folded = Array.from({ length: 60_000 }, () => '[\n').join('');
  t.true(problemsIn(folded).length > 0, 'brackets on lines of their own');
});

test('names that JavaScript treats specially are unknown keys like any other', (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    t.deepEqual(
      problemsIn(`${name}: { polluted: 1 }\n${text}`).map(({ key: at, place }) => [at, place.line]),
      [[name, 1]],
    );
  t.false('polluted' in {});
});

test('whatever is accepted means the same to a reader of YAML 1.1', (t) => {
  const value = fc.constantFrom(
    ...[
      'no',
      'Yes',
      'on',
      'OFF',
      'y',
      'N',
      '~',
      'null',
      'true',
      'False',
      '0x10',
      '010',
      '0o10',
      '0b11',
      '1_0',
      '1:30',
    ],
    ...[
      '12',
      '1e3',
      '.5',
      '.inf',
      '2024-01-01',
      '2024-01-01 10:00:00',
      '+1',
      '1.',
      '1__0',
      '190:20:30',
      'example',
      '8GiB',
    ],
  );
  fc.assert(
    fc.property(fc.constantFrom(...leafLines), value, (index, scalar) => {
      const yaml = edited(index, (line) => line.replace(/: .*/, `: ${scalar}`));
      if (problemsIn(yaml).length > 0) return true;
      return (
        JSON.stringify(parse(yaml, { version: '1.1' })) === JSON.stringify(parse(yaml, { version: '1.2' }))
      );
    }),
    { numRuns: 500 },
  );
  t.pass();
});

test('what stands where a password hash or a key belongs is never repeated', (t) => {
  const secret = fc.string({ minLength: 6, maxLength: 90 }).filter((it) => /^[^\s"\\]{6,}$/.test(it));
  const secretLines = [
    lines.findIndex((line) => line.includes('passwordHash')),
    lines.findIndex((line) => line.includes(key)),
  ];
  fc.assert(
    fc.property(
      secret,
      fc.constantFrom(...secretLines),
      fc.constantFrom('plain', 'list', 'map'),
      (it, index, form) => {
        const value = { plain: `"${it}"`, list: `["${it}"]`, map: `{ hash: "${it}" }` }[form];
        const yaml = edited(index, (line) => line.replace(/(: |- ).*/, `$1${value.replaceAll('$', '$$$$')}`));
        const said = problemsIn(yaml).map(({ rule, remedy }) => `${rule} ${remedy}`);
        return said.length > 0 && !said.join('\n').includes(it);
      },
    ),
  );
  t.pass();
});
