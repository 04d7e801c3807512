/** `letterbox doctor`: each thing that a build host may lack, with what mends it; by the same lists and checks as the bake. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { diagnosis, type Finding, type HostFacts, isFit } from '../../../../builder/commands/diagnosis.ts';
import { run } from '../../../../builder/host/run.ts';
import { oldestNode } from '../../../../builder/version.ts';

const GiB = 1024 ** 3;

/** A machine that lacks nothing. */
const fit: HostFacts = {
  node: { found: '20.19.2', wanted: '20.8' },
  missing: [],
  missingForTests: [],
  acceleration: { kind: 'kvm' },
  disk: { folder: '/home/ann/letterbox', free: 50 * GiB, wanted: 4 * GiB },
  memory: { free: 8 * GiB, wanted: GiB },
  installs: (list) => `sh host/install.sh host/${list}.txt`,
};

const wrongIn = (found: readonly Finding[]) => found.filter(({ state }) => state !== 'ok');

test('a machine that lacks nothing is fit, and each thing is said', (t) => {
  const found = diagnosis(fit);
  t.true(isFit(found));
  t.deepEqual(wrongIn(found), []);
  t.deepEqual(
    found.map(({ about }) => about),
    ['Node.js', 'packages', 'apt sources', 'ids of a user', 'namespaces', 'disk', 'memory', 'KVM'],
  );
});

const lacks: readonly { facts: Partial<HostFacts>; says: RegExp; mend: RegExp }[] = [
  {
    facts: { node: { found: '18.20.4', wanted: '20.8' } },
    says: /is 18\.20\.4/,
    mend: /install 20\.8 or newer/,
  },
  {
    facts: { missing: ['mmdebstrap', 'zstd'] },
    says: /not installed: mmdebstrap zstd/,
    mend: /^sh host\/install\.sh host\/demo\.txt$/,
  },
  { facts: { missing: undefined }, says: /no dpkg/, mend: /Debian 12/ },
  {
    facts: { sources: 'apt knows no source; set image.mirror' },
    says: /^apt knows no source$/,
    mend: /^set image\.mirror$/,
  },
  {
    facts: { signingKey: { file: 'letterbox.key', refused: 'is a file that others may read; chmod 600 it' } },
    says: /^is a file that others may read$/,
    mend: /^chmod 600 it$/,
  },
  { facts: { user: 'gives ann no ids; run `usermod`' }, says: /^gives ann no ids$/, mend: /usermod/ },
  { facts: { namespaces: "can't be made; sudo sysctl" }, says: /can't be made/, mend: /^sudo sysctl$/ },
  {
    facts: { disk: { folder: '/srv', free: GiB, wanted: 4 * GiB } },
    says: /1\.0 GiB free, 4\.0 GiB wanted/,
    mend: /\/srv/,
  },
  {
    facts: { memory: { free: GiB / 2, wanted: GiB } },
    says: /0\.5 GiB free, 1\.0 GiB wanted/,
    mend: /boot\.memory/,
  },
];

for (const { facts, says, mend } of lacks)
  test(`lacking: ${Object.keys(facts)[0]}, ${says.source}`, (t) => {
    const found = diagnosis({ ...fit, ...facts });
    const [lack, ...more] = wrongIn(found);
    t.deepEqual(more, []);
    t.is(lack?.state, 'lacking');
    t.regex(lack?.says ?? '', says);
    t.regex(lack?.mend ?? '', mend);
    t.false(isFit(found));
  });

test('a signing key that will do is said to, where the config names one', (t) => {
  const found = diagnosis({ ...fit, signingKey: { file: 'letterbox.key', refused: undefined } });
  t.like(
    found.find(({ about }) => about === 'signing key'),
    { state: 'ok', says: 'letterbox.key, read; its password was not asked for' },
  );
});

test('without KVM, or without what the tests alone need, all works: a note, and exit code 0', (t) => {
  const notice = '/dev/kvm does not open (EACCES)';
  const facts = {
    acceleration: { kind: 'tcg', notice, mend: 'sudo adduser ann kvm' },
    missingForTests: ['swaks'],
  } as const;
  const found = diagnosis({ ...fit, ...facts });
  t.deepEqual(wrongIn(found), [
    {
      about: 'packages',
      for: ['tests'],
      state: 'note',
      says: 'not installed: swaks',
      mend: 'sh host/install.sh host/test.txt',
    },
    { about: 'KVM', for: ['boot'], state: 'note', says: notice, mend: 'sudo adduser ann kvm' },
  ]);
  t.true(isFit(found));
});

test('what is missing is what `host/install.sh` would install', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-doctor-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const list = path.join(folder, 'list.txt');
  writeFileSync(list, '# a comment\ndpkg\nno-such-package # another\nnor-such-package\n');
  const missing = execFileSync('sh', ['host/install.sh', '--missing', list], { encoding: 'utf8' });
  t.deepEqual(missing.trim().split(/\s+/), ['no-such-package', 'nor-such-package']);
  writeFileSync(list, 'dpkg\n');
  t.is(execFileSync('sh', ['host/install.sh', '--missing', list], { encoding: 'utf8' }), '');
});

test('a program that a bake does not find is told with the way to doctor', async (t) => {
  await t.throwsAsync(run(['no-such-program-here']), {
    message: /^no-such-program-here could not be started:\n.*it is not installed: `letterbox doctor`/,
  });
});

test('this machine is examined: findings as JSON, and an exit code that follows from them', async (t) => {
  t.timeout(120_000);
  const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
    execFile(process.execPath, ['bin/letterbox.js', 'doctor', '--json'], (error, out) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout: out }),
    );
  });
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  t.is(findings[0]?.about, 'Node.js');
  t.regex(findings[0]?.says ?? '', /^(?:is )?\d+\.\d+/);
  t.is(code, isFit(findings) ? 0 : 1);
  t.regex(oldestNode, /^\d+\.\d+$/);
});
