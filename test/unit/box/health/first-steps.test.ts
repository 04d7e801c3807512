/** What a new box's administrator has still to do: by what checks say, by accounts, and by what was printed. */
import test, { type ExecutionContext } from 'ava';
import { backupsAreMade } from '../../../../box/health/checks/backups.ts';
import { certificateServes } from '../../../../box/health/checks/certificate.ts';
import { error, ofStep, ok, warning } from '../../../../box/health/checks/check.ts';
import { readFirstSteps, rememberDone, stepsAreLeft } from '../../../../box/health/first-steps/read.ts';
import { firstStepsSaid } from '../../../../box/health/first-steps/said.ts';
import { isOpen, standingsOf } from '../../../../box/health/first-steps/standing.ts';
import { steps } from '../../../../box/health/first-steps/words.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { addTotp } from '../../../../box/mail/factors.ts';
import { addAccount, setPassword } from '../../../../box/mail/users.ts';
import { noteKeyShown } from '../../../../box/storage/backup/state.ts';
import type { FirstStep } from '../../../../contract/api.ts';
import { image, settings, TemporaryBox } from '../temporary-box.ts';

const standing = (step: FirstStep, ...results: Parameters<typeof standingsOf>[0]) =>
  standingsOf(results).find((one) => one.step === step);

test('a step is done where something well speaks for it, and nothing against', (t) => {
  const well = ofStep('name-servers', ok('delegation of a.example', 'ns1, ns2'));
  const ill = ofStep('name-servers', error('delegation of b.example', 'none', 'set ns1 and ns2', 'dns'));
  t.is(standing('name-servers', ...well)?.state, 'done');
  t.like(standing('name-servers', ...well, ...ill), {
    ...{
      state: 'open',
      found: ['delegation of b.example: none'],
      what_to_do: ['set ns1 and ns2'],
      page: 'dns',
    },
  });
  t.is(standing('reverse-name', ...well)?.state, 'open', 'of what nothing was found nobody knows');
  t.is(standing('name-servers', error('delegation of b.example', 'none', 'x'))?.state, 'open');
});

test('what many domains have in common is to be done once', (t) => {
  const ds = (zone: string) => ofStep('dnssec', warning(`DNSSEC of ${zone}`, 'no DS', 'box dns ds', 'dns'));
  const { found, what_to_do } = standing('dnssec', ...ds('a.example'), ...ds('b.example')) ?? {};
  t.deepEqual(found, ['DNSSEC of a.example: no DS', 'DNSSEC of b.example: no DS']);
  t.deepEqual(what_to_do, ['box dns ds']);
});

test('each step says why, what to do and what is waited for, also before anything was looked at', (t) => {
  const all = standingsOf([]);
  t.is(new Set(all.map(({ step }) => step)).size, all.length);
  for (const { step, state, title, why, what_to_do, waits_for } of all) {
    t.is(state, 'open', step);
    for (const text of [title, why, waits_for, ...what_to_do]) t.regex(text, /^[A-Z]/, step);
    t.is(what_to_do.length, 1, step);
  }
});

const subjectOf = ({ machine, now }: TemporaryBox) => ({ machine, image, settings, now: () => now });

test('backups on this box, and a certificate of its own making, are well and no step is done by them', async (t) => {
  const box = await TemporaryBox.booted(t);
  const made = (target: string) => {
    box.write(paths.backupConfig, `target: ${target}\n`);
    box.write(paths.backupState, JSON.stringify({ succeeded: box.now.toISOString() }));
    return backupsAreMade(subjectOf(box));
  };
  for (const target of ['local', 'off']) {
    const [result] = await made(target);
    t.is(result?.step, undefined, target);
  }
  t.like((await made('rsync://me@host.example/box'))[0], { state: 'ok', step: 'backup' });
  const [certificate] = await certificateServes(subjectOf(box));
  t.like(certificate, { state: 'ok' });
  t.is(certificate?.step, undefined);
});

async function doneByOwner(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  const state = async (step: FirstStep, seen?: Parameters<typeof readFirstSteps>[1]) =>
    (await readFirstSteps(machine, seen)).steps.find((one) => one.step === step)?.state;
  return { box, machine, state };
}

test('a second account is the first user; a second factor counts when each administrator who can log in has one', async (t) => {
  const { machine, state } = await doneByOwner(t);
  t.deepEqual([await state('first-user'), await state('second-factor')], ['open', 'open']);
  const codes = (email: string) => addTotp(machine, email, { secret: 'X', step: 1, label: 'phone' });
  await codes('me@example.com');
  t.is(await state('second-factor'), 'done');
  await addAccount(machine, 'you@example.com', '{SHA512-CRYPT}x', true);
  t.deepEqual([await state('first-user'), await state('second-factor')], ['done', 'open']);
  await codes('you@example.com');
  t.is(await state('second-factor'), 'done');
  await addAccount(machine, 'third@example.com', '{SHA512-CRYPT}x', false);
  t.is(await state('second-factor'), 'done', 'users may do without');
});

test('accounts that can’t be read hide no other step', async (t) => {
  const { box, state } = await doneByOwner(t);
  box.write(paths.accounts, 'damaged');
  const results = ofStep('mail-out', ok('mail out', 'x'));
  t.is(await state('mail-out', { checkedAt: box.now.toISOString(), results }), 'done');
  t.is(await state('first-user'), 'open');
});

test('the key of the backups was printed once it was shown; another key was not', async (t) => {
  const { box, machine, state } = await doneByOwner(t);
  t.is(await state('backup-key'), 'open');
  await noteKeyShown(machine);
  t.is(await state('backup-key'), 'done');
  t.false(box.read(paths.backupKeyShown).includes(box.read(paths.backupKey).split('\n')[0] ?? ''));
  box.write(paths.backupKey, `${'k'.repeat(64)}\n`);
  t.is(await state('backup-key'), 'open');
  // It was brought: who began with a backup has its key.
  box.write(paths.firstRestore, '{}');
  t.is(await state('backup-key'), 'done');
});

/** Whatever a check can say for a step. */
const allWell = steps.flatMap(({ step }) => ofStep(step, ok(step, 'is well')));

test('a box is new until all steps were done once: the look remembers it, and what breaks is open again', async (t) => {
  const { box, machine } = await doneByOwner(t);
  const checkedAt = box.now.toISOString();
  const some = { checkedAt, results: allWell.slice(1) };
  await rememberDone(machine, some);
  t.true(await stepsAreLeft(machine, some));
  t.like(await readFirstSteps(machine, undefined), { checked_at: null, were_done: false });
  const all = { checkedAt, results: allWell };
  t.false(await stepsAreLeft(machine, all));
  await rememberDone(machine, all);
  t.false(await stepsAreLeft(machine, some), 'it is no new one again');
  const { were_done, steps: found } = await readFirstSteps(machine, some);
  t.true(were_done);
  t.deepEqual(
    found.filter(isOpen).map(({ step }) => step),
    ['name-servers'],
  );
});

test('who is alone on a box needs no second account: it is said while others are open, and never again', async (t) => {
  const { box, machine } = await doneByOwner(t);
  const alone = allWell.filter(({ step }) => step !== 'first-user');
  const seen = { checkedAt: box.now.toISOString(), results: alone };
  t.false(await stepsAreLeft(machine, seen));
  const told = { checked_at: null, were_done: false, steps: standingsOf(alone) };
  t.is(firstStepsSaid(told, true)[0], `first steps: 1 of ${steps.length} is open`);
  t.deepEqual(firstStepsSaid({ ...told, were_done: true }, true), []);
});

test('a terminal says what is open, nothing when all is done, and claims nothing that was not looked at', (t) => {
  const told = (results: typeof allWell, were_done = false) => ({
    ...{ checked_at: null, were_done, steps: standingsOf(results) },
  });
  t.deepEqual(firstStepsSaid(told(allWell), true), []);
  t.deepEqual(firstStepsSaid(told(allWell.slice(1), true), false), []);
  t.deepEqual(firstStepsSaid(told([]), false), ['first steps: box status --all looks at them']);
  const ill = ofStep('name-servers', error('delegation of a.example', 'none', 'set ns1 and ns2'));
  t.deepEqual(firstStepsSaid(told([...allWell, ...ill]), true), [
    `first steps: 1 of ${steps.length} is open`,
    'to do    Name servers: set ns1 and ns2',
  ]);
  const more = ofStep('name-servers', error('a.example MX', 'is not there', 'set: a.example MX'));
  t.is(
    firstStepsSaid(told([...allWell, ...ill, ...more]), true)[1],
    'to do    Name servers: set ns1 and ns2; and 1 more',
  );
  t.regex(
    firstStepsSaid(told(allWell.slice(2), true), true)[0] ?? '',
    /^first steps: 2 of \d are open again$/,
  );
});

test('box status ends with them, as text alone; the exit code is that of the checks', async (t) => {
  const box = await TemporaryBox.booted(t);
  await setPassword(box.machine, 'me@example.com', '{SHA512-CRYPT}x');
  const code = await box.box('status');
  t.is(box.said.at(-1), 'first steps: box status --all looks at them');
  await box.box('status', '--all');
  t.true(box.said.some((line) => /^first steps: \d of \d are open$/.test(line)));
  t.regex(
    box.said.at(-1) ?? '',
    /^to do {4}First user: At the page Users, add an account\. Who is alone here may leave it\.$/,
  );
  t.is(await box.box('status'), code);
  t.regex(box.said.at(-1) ?? '', /^to do {4}First user/, 'what the world sees is as the last look saw it');
  await box.box('status', '--json');
  t.notThrows(() => JSON.parse(box.said.join('\n')));
});
