/** Config files as they lie on a disk: the examples load, and what is no config says so. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '../../../../builder/config/load.ts';
import { ConfigError } from '../../../../builder/config/problem.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-load-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const where = path.join(folder, name);
  writeFileSync(where, content);
  return where;
}

/** What loading a file says, without the folder. */
function complaint(where: string): string {
  try {
    loadConfig(where);
    return 'fine';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(`${folder}/`, '');
  }
}

test('example.yaml is a config', (t) => {
  const { config, source } = loadConfig('example.yaml');
  t.is(config.name, 'example');
  t.is(source.file, 'example.yaml');
});

test("examples/guide.yaml asks for the guide's release and TLS versions", (t) => {
  const { config } = loadConfig('examples/guide.yaml');
  t.is(config.release, 'ubuntu-14.04');
  t.is(config.tls.policy, 'guide-2016');
});

test('a missing file', (t) => {
  t.is(
    complaint(path.join(folder, 'none.yaml')),
    'none.yaml: there is no such file; begin with a copy of example.yaml',
  );
});

test('a folder', (t) => {
  t.is(
    complaint(folder).replaceAll(folder, 'folder'),
    'folder: is a folder; name the file in it, for example box.yaml',
  );
});

test('a file below a file', (t) => {
  const where = path.join(file('plain.yaml', 'name: x\n'), 'box.yaml');
  t.is(
    complaint(where),
    "plain.yaml/box.yaml: can't be read (ENOTDIR); name a box.yaml; example.yaml shows one",
  );
});

test('a file of exactly 1 MiB is read, one byte more is not', (t) => {
  t.is(
    complaint(file('full.yaml', `#${'x'.repeat(1024 ** 2 - 1)}`)),
    'full.yaml: is empty; begin with a copy of example.yaml',
  );
  t.is(
    complaint(file('large.yaml', `#${'x'.repeat(1024 ** 2)}`)),
    'large.yaml: is larger than 1 MiB; name a box.yaml; example.yaml shows one',
  );
});

test('a file without an end', (t) => {
  t.is(complaint('/dev/zero'), '/dev/zero: is larger than 1 MiB; name a box.yaml; example.yaml shows one');
});

test('a byte order mark is no part of the first key', (t) => {
  const bom = Buffer.from([0xef, 0xbb, 0xbf]);
  const where = file('bom.yaml', Buffer.concat([bom, Buffer.from('nam: example\nrelease: debian-12\n')]));
  t.regex(complaint(where), /^bom\.yaml:1:1: nam: is not a key of this section; did you mean "name"\?$/m);
});

test('a character that is cut off at the end of the file is not UTF-8', (t) => {
  t.is(
    complaint(file('cut.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe2, 0x82]))),
    'cut.yaml:1:4: is not UTF-8 text; save the file in UTF-8',
  );
});
