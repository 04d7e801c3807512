/** docs/security.md: each claim that it calls proven names tests that exist, and the files where it is set. */
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { section, tableRows } from './markdown.ts';

const text = readFileSync('docs/security.md', 'utf8');
const proven = ['Held, and proven', 'Held, and not in the guide'].flatMap((heading) =>
  tableRows(section(text, heading)),
);

/** Whether the test file registers a test, or a step of one, with this very title. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(file)) return false;
  const literal = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\b(?:test|anyTest|step)\\(\\s*(['"\`])${literal}\\1`).test(readFileSync(file, 'utf8'));
}

test('there are claims to look at', (t) => {
  t.true(proven.length >= 20, `${proven.length} rows`);
});

for (const [claim = '', where = '', tests = ''] of proven) {
  test(`proven: ${claim}`, (t) => {
    const named = [...tests.matchAll(/`([^`]+\.test\.ts)`: \*([^*]+)\*/g)];
    t.true(named.length > 0, 'a row without a test');
    t.is(named.length, tests.split('<br>').length, 'each line of the cell is `file`: *title*');
    for (const [, file = '', title = ''] of named) {
      t.regex(file, /^test\/(?:lab|boot)\//, 'only a test that speaks to a running box or reads the image');
      t.true(hasTest(file, title), `${file} has no test "${title}"`);
    }
    t.regex(where, /`/, 'where it is set');
  });
}

test('of each of the guide’s claims it is said what stands for it on ubuntu-14.04: a run, a test, or nothing', (t) => {
  for (const [claim = '', , , there = ''] of tableRows(section(text, 'Held, and proven')))
    t.regex(there, /^\*\*(run|test)\*\*: |^\*\*not run\*\*/, claim);
});

test('every file of the project that is named exists', (t) => {
  const files = [...text.matchAll(/`((?:box|builder|overlays|packer|test)\/[^`\s]+)`/g)].map(
    ([, file = '']) => file,
  );
  t.deepEqual(
    files.filter((file) => !existsSync(file)),
    [],
  );
});
