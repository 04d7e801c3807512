/** What a contributor meets first: licence, forms and CI say what holds, and the commit on top has the form of a commit. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';

const read = (file: string) => readFileSync(file, 'utf8');
const forms = '.github/ISSUE_TEMPLATE';

/** `area: what it does now`; what git and hosting sites write themselves is theirs. */
const subjectForm = /^(?:[A-Za-z0-9][\w ,./+-]*: \S.*|Merge \S.*|Revert ".*)$/;

test('the licence is the one that package.json names', (t) => {
  t.is(JSON.parse(read('package.json')).license, 'MIT');
  t.regex(read('LICENSE'), /^MIT License\n\nCopyright \(c\) \d{4} the Letterbox authors\n/);
});

test('what CI calls is what people call', (t) => {
  const runs = (name: string) => {
    const { jobs } = parse(read(`.github/workflows/${name}.yml`)) as {
      jobs: Record<string, { steps: { run?: string }[] }>;
    };
    return Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run));
  };
  t.true(runs('check').includes('make check'));
  t.true(runs('nightly').includes('.ci/run'));
  t.true((statSync('.ci/run').mode & 0o111) !== 0, '.ci/run can be run');
});

for (const file of readdirSync(forms).filter((name) => name !== 'config.yml')) {
  test(`the issue form ${file} is one: a name, a description, fields with a label`, (t) => {
    const form = parse(read(`${forms}/${file}`)) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: { label?: string; value?: string } }[];
    };
    t.truthy(form.name);
    t.truthy(form.description);
    for (const { type, id, attributes } of form.body) {
      if (type === 'markdown') t.truthy(attributes.value);
      else t.true(id !== undefined && attributes.label !== undefined, `${type} has id and label`);
    }
  });
}

test('CHANGES.md tells each version under Breaking, New and Fixed, a line each', (t) => {
  for (const version of read('CHANGES.md').split(/^## /m).slice(1)) {
    const headings = [...version.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    t.deepEqual(headings, ['Breaking', 'New', 'Fixed']);
    for (const line of version.split('\n')) {
      t.true(line.length <= 140, `${line.length} characters: ${line}`);
      t.notRegex(line, /^ /, 'a line that goes on');
    }
  }
});

test('the subject of HEAD is `area: what it does now`, of at most 72 characters', (t) => {
  if (!existsSync('.git')) {
    t.log('no clone: there is no commit to look at');
    t.pass();
    return;
  }
  // HEAD is there in a shallow clone too. Whose the folder is, is no matter for reading a line of it.
  const git = ['-c', 'safe.directory=*', '-c', 'log.showSignature=false'];
  const subject = execFileSync('git', [...git, 'log', '-1', '--format=%s'], { encoding: 'utf8' }).trimEnd();
  t.regex(subject, subjectForm);
  t.true(subject.length <= 72, `${subject.length} characters: ${subject}`);
});

test('a subject begins with an area', (t) => {
  for (const good of [
    'tls: renews',
    'outbound-tls: a name',
    'box, panel: one type',
    'README: less',
    'Merge a1b2 into c3d4',
  ])
    t.regex(good, subjectForm);
  for (const bad of ['Fix a bug', 'tls:renews', 'wip', ': nothing']) t.notRegex(bad, subjectForm);
});

test('decisions are numbered in their order, each said once', (t) => {
  const entries = [...readFileSync('docs/decisions.md', 'utf8').matchAll(/^## (?:(\d+)\. )?(.*)$/gm)];
  t.true(entries.length > 60);
  t.deepEqual(
    entries.map(([, number]) => Number(number)),
    entries.map((_, i) => i + 1),
  );
  const titles = entries.map(([, , title]) => title);
  t.deepEqual([...new Set(titles)], titles);
});
