/** What a terminal shows of a wrong config besides the message: the line, with a mark under the place, and never a secret. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import stringWidth from 'string-width';
import { pictured } from '../../../../builder/config/excerpt.ts';
import { errorOf, excerptOf } from './excerpts.ts';

const example = readFileSync('example.yaml', 'utf8');

test('the line stands under the message, and a caret under the place', (t) => {
  const error = errorOf(example.replace('hostname:', 'hostnam:'));
  t.is(
    error && pictured(error),
    [
      'box.yaml:6:3: box.hostnam: is not a key of this section; did you mean "hostname"?',
      '    6 |   hostnam: box.example.com',
      '      |   ^',
    ].join('\n'),
  );
});

test('a comment is left off, for it may say anything', (t) => {
  t.deepEqual(excerptOf(`${example}webmail: some # as we said on Monday\n`), [
    '   12 | webmail: some',
    '      |          ^',
  ]);
});

test('the mark stands under the place behind tabs, wide letters, and letters of two parts', (t) => {
  for (const before of ['\t', '日本語', 'e\u0301', '👩‍🚀', '\u202e']) {
    const [line = '', mark = ''] = excerptOf(`${example}image:\n  formats: [raw, "${before}", oops]\n`).slice(
      -2,
    );
    t.is(mark.indexOf('^'), stringWidth(line.slice(0, line.indexOf('oops'))), JSON.stringify(before));
    t.notRegex(line, /[\t\u202e]/);
  }
});

test('a long line is cut around the place, which stays in sight', (t) => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `10.${i}.0.1`).join(', ');
  for (const [left, right] of [
    [0, 40],
    [40, 0],
    [40, 40],
  ] as const) {
    const list = [many(left), 'oops', many(right)].filter((part) => part !== '').join(', ');
    for (const columns of [40, 80, 200]) {
      const [line = '', mark = ''] = excerptOf(`${example}bruteForce:\n  allow: [${list}]\n`, columns);
      t.true(line.length < columns, `${line.length} of ${columns} columns`);
      t.is(line.slice(mark.indexOf('^')).slice(0, 4), 'oops');
    }
  }
});

test('a line that holds a secret, or may, is not shown', (t) => {
  const box = (line: string) => example.replace('  admin:', `${line}\n  admin:`);
  for (const text of [
    box('  password: QZQZQZ'),
    box('  pasword: QZQZQZ'),
    box('  pwd: QZQZQZ'),
    box('  greeting: QZQZQZ'),
    box('  pas: { host: QZQZQZ }'),
    box('  timezone: $6$QZQZQZ$QZQZQZ'),
    // Two lines run into one, with another slip in the key.
    box('  timezone: UTC p}assword: QZQZQZ'),
    box('  timezone: UTC pa ssword QZQZQZ'),
    box("  timezone: UTC a'b: QZQZQZ"),
    box('  timezone: { host: "UTC", "a}b":QZQZQZ }'),
    example.replace('ssh-ed25519 AAAA', 'QZQZQZ AAAA'),
    example.replace('email: me@example.com', 'passwordHash: |\n      QZQZQZ\n      name: QZQZQZ'),
    `${example}image:\n  mirror: https://me:QZQZQZ@mirror.example.net/\n`,
    `${example}image:\n  esmMirror: https://me:QZQZQZ@mirror.example.net/\n`,
    `${example}outbound: { relay: { host: relay, username: me, password: QZQZQZ } }\n`,
    `${example}outbound:\n  relay:\n    password: "abc\n host: QZQZQZ\n`,
    'QZQZQZ',
    '- QZQZQZ',
  ]) {
    t.truthy(errorOf(text), text);
    t.notRegex(excerptOf(text).join('\n'), /QZ/, text);
  }
});

test('the error itself, printed whole, does not show the config', (t) => {
  const error = errorOf(`${example}webmail: some\n`);
  t.true(error?.text?.includes('AAAAC3Nza'));
  t.false(JSON.stringify(error).includes('AAAAC3Nza'));
});

test('a terminal gets the line; a pipe and --json get what they always got', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-excerpt-'));
  const program = `${process.execPath} ${path.resolve('bin/letterbox.js')}`;
  const said = (command: string) => {
    try {
      return execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return stdout + stderr;
    }
  };
  try {
    writeFileSync(path.join(folder, 'box.yaml'), `${example}webmail: some\n`);
    const message =
      'box.yaml:12:10: webmail: must be one of roundcube, none (got "some"); did you mean "none"?\n';
    t.is(said(`${program} check box.yaml`), message);
    const json = JSON.parse(said(`${program} check --json box.yaml`)) as { problems: object[] };
    t.deepEqual(Object.keys(json.problems[0] ?? {}).sort(), ['key', 'place', 'remedy', 'rule']);
    const atTerminal = said(
      `script --quiet --return --command '${program} check box.yaml' /dev/null </dev/null`,
    );
    t.is(atTerminal.replaceAll('\r', ''), `${message}   12 | webmail: some\n      |          ^\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('none of the bad configs shows what it may not', (t) => {
  const folder = 'test/bad-configs';
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const lines = excerptOf(readFileSync(path.join(folder, file), 'utf8'));
    t.notRegex(lines.join('\n'), /hunter2|PRIVATE KEY|ssh-(rsa|ed25519)|\$\d|:\/\/[^/]*@/, file);
  }
});
