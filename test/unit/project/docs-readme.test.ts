/** README.md and docs/demo.md show what the program really prints, and the documents' links, folders and pictures exist. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { SaxesParser } from 'saxes';
import { compile } from '../../../builder/compile.ts';
import { loadConfig } from '../../../builder/config/load.ts';
import { codeBlocks, documents, section, tableRows, unquoted } from './markdown.ts';

const text = readFileSync('README.md', 'utf8');
const sessions = codeBlocks(`${text}\n${readFileSync('docs/demo.md', 'utf8')}`);
const example = readFileSync('example.yaml', 'utf8').replace(/^ *#.*\n/gm, '');

/** What is shown under `$ ./letterbox COMMAND`, line by line. */
function shown(command: string): string[] {
  const parts = sessions.join('\n').split(/^\$ /m);
  const part = parts.find((block) => block.startsWith(`./letterbox ${command}\n`));
  if (part === undefined)
    throw new Error(`neither README.md nor docs/demo.md shows \`./letterbox ${command}\``);
  return part
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}

/** What the program prints at a terminal, errors as well. */
function printed(argv: readonly string[], cwd = process.cwd()): Promise<string[]> {
  const command = [process.execPath, path.resolve('bin/letterbox.js'), ...argv].join(' ');
  const atTerminal = ['--quiet', '--return', '--command', command, '/dev/null'];
  return new Promise((resolve) =>
    execFile('script', atTerminal, { cwd }, (_error, stdout) =>
      resolve(stdout.split(/\r?\n/).filter((line) => line !== '')),
    ).stdin?.end(),
  );
}

/** Whether these are the lines, with `...` for any number of them. */
function isExcerpt(excerpt: readonly string[], whole: readonly string[]): boolean {
  const [first, ...rest] = excerpt;
  if (first === undefined) return whole.length === 0;
  if (first === '...') return whole.some((_, i) => isExcerpt(rest, whole.slice(i))) || rest.length === 0;
  return first === whole[0] && isExcerpt(rest, whole.slice(1));
}

test('the first config is example.yaml', (t) => {
  t.is(codeBlocks(text)[0], example);
});

for (const command of ['check', 'plan']) {
  test(`letterbox ${command} prints what is shown`, async (t) => {
    const excerpt = shown(`${command} example.yaml`);
    const whole = await printed([command, 'example.yaml']);
    t.true(isExcerpt(excerpt, whole), `shown:\n${excerpt.join('\n')}\n\nprinted:\n${whole.join('\n')}`);
  });
}

test('letterbox check says of the misspelt key what is shown', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-readme-'));
  try {
    writeFileSync(path.join(folder, 'box.yaml'), example.replace('hostname:', 'hostnam:'));
    t.deepEqual(await printed(['check', 'box.yaml'], folder), shown('check box.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('letterbox build writes the files that are shown', async (t) => {
  const { imageFiles, bootFiles } = await compile(loadConfig('example.yaml').config);
  const lines = [...imageFiles, ...bootFiles].map((file) => `wrote  out/example/${file.path}`);
  t.deepEqual(shown('build example.yaml'), lines);
});

test('every folder of the project is in the map, and no other', (t) => {
  const ignored = ['.git/', ...readFileSync('.gitignore', 'utf8').split('\n')];
  const folders = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !ignored.includes(`${entry.name}/`))
    .map((entry) => `${entry.name}/`);
  const rows = tableRows(section(text, 'Folders')).map(([folder = '']) => unquoted(folder));
  t.deepEqual(rows.sort(), folders.sort());
});

test('every picture is small, and is in a document', (t) => {
  const shownIn = documents.filter((name) => name === 'README.md' || name.startsWith('docs/'));
  const texts = shownIn.map((name) => readFileSync(name, 'utf8')).join('\n');
  for (const name of readdirSync('docs/pictures')) {
    const bytes = statSync(`docs/pictures/${name}`).size;
    t.true(bytes <= 80 * 1024, `${name} has ${bytes} bytes`);
    t.true(texts.includes(`pictures/${name})`), `${name} is nowhere to be seen`);
    if (name.endsWith('.svg'))
      t.notThrows(() => new SaxesParser().write(readFileSync(`docs/pictures/${name}`, 'utf8')).close(), name);
  }
});

test('every make target that is named exists', (t) => {
  const targets = new Set(readFileSync('Makefile', 'utf8').match(/^[a-z]+(?=:)/gm));
  for (const [, target = ''] of text.matchAll(/`make ([a-z]+)`/g)) t.true(targets.has(target), target);
});

for (const file of documents) {
  test(`the links of ${file} lead to files`, (t) => {
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(
      ([, link = '']) => link,
    );
    const missing = links.filter(
      (link) => !/^https?:/.test(link) && !existsSync(path.join(path.dirname(file), link)),
    );
    t.deepEqual(missing, []);
  });
}
