/** Rollovers of a box on files of its own: what is signed and published in each phase. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import test from 'ava';
import { paths } from '../../box/machine/paths.ts';
import {
  bases,
  dnskeys,
  dnssec,
  dsOf,
  later,
  makeRollingBox,
  named,
  numbers,
  signedZone,
  signers,
  standing,
  tag,
  update,
} from '../unit/box/renew/rolling-box.ts';

test('ZSK: both sign, the wait is over, the old one leaves and its files with it', async (t) => {
  const { box } = await makeRollingBox(t);
  const old = named(box, 'ZSK');
  const before = bases(box);
  t.is(await box.box('dns', 'rollover', 'zsk'), 0, box.complaints.join());
  t.regex(
    box.said.join('\n'),
    /^zone signing key: introducing, .*\n.*\n.*\n {2}waits for .*\n {2}until {6}2026-11-24T18:00/,
  );
  const fresh = bases(box).find((base) => !before.includes(base)) ?? '';
  t.is(statSync(box.at(`${dnssec}/${fresh}.private`)).mode & 0o777, 0o600);
  t.deepEqual(signers(box, 'SOA'), numbers(old, fresh));
  t.is(dnskeys(box), 3);
  t.is(named(box, 'ZSK'), old, 'Mail-in-a-Box’s layout names the key that stays if it ended now');
  t.true(box.ran.includes('service nsd reload'));
  later(box, 5);
  await update(t, box);
  t.deepEqual(box.said, ['every zone is up to date']);
  later(box, 1);
  await update(t, box);
  t.deepEqual(signers(box, 'SOA'), numbers(fresh));
  t.is(dnskeys(box), 2);
  t.is(named(box, 'ZSK'), fresh);
  t.false(bases(box).includes(old));
  t.false(existsSync(box.at(paths.rollovers)), 'nothing but Mail-in-a-Box’s layout is left');
  t.is(await box.box('dns', 'rollover'), 0);
  t.deepEqual(box.said, ['no key is being replaced']);
  await box.init(t);
  t.true(box.report().steps.every(({ result }) => result === 'done'));
});

test('KSK: the owner is told the DS records, and the old key waits for the parent and for its memory', async (t) => {
  const { box, world } = await makeRollingBox(t);
  const old = named(box, 'KSK');
  world.ds = await dsOf(box, old);
  const before = bases(box);
  t.is(await box.box('dns', 'rollover', 'ksk'), 0, box.complaints.join());
  const fresh = bases(box).find((base) => !before.includes(base)) ?? '';
  t.deepEqual(signers(box, 'DNSKEY'), numbers(old, fresh));
  const shownDs = async () => {
    await box.box('dns', 'ds', '--json');
    return (JSON.parse(box.said.join('')) as { keyTag: number }[]).map(({ keyTag }) => keyTag);
  };
  t.deepEqual(await shownDs(), [tag(old), tag(old)], 'too early for the new one');
  later(box, 6);
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'awaiting', owner: true, hangs: false });
  t.deepEqual(await shownDs(), [tag(fresh), tag(fresh)]);
  t.is(await box.box('dns', 'rollover'), 0);
  t.regex(box.said.join('\n'), /the parent of example\.com has the DS record of the old key only/);
  for (const line of await dsOf(box, fresh))
    t.true(
      box.said.some((said) => said.includes(line.replace(/.*\tDS\t/, 'IN DS '))),
      line,
    );
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^warning {2}rollover of the key signing key: .*\n.*registrar.*box dns rollover/m,
  );
  later(box, 1000);
  await update(t, box);
  t.is(named(box, 'KSK'), old);
  t.deepEqual(signers(box, 'DNSKEY'), numbers(old, fresh), 'it waits as long as it takes');
  world.ds = [...world.ds, ...(await dsOf(box, fresh))];
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'retiring', owner: false });
  t.is(named(box, 'KSK'), fresh);
  t.deepEqual(signers(box, 'DNSKEY'), numbers(old, fresh));
  world.ds = await dsOf(box, old);
  later(box, 72);
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'awaiting' }, 'the parent went back');
  t.is(named(box, 'KSK'), old);
  world.ds = await dsOf(box, fresh);
  await update(t, box);
  later(box, 47);
  await update(t, box);
  t.is(dnskeys(box), 3);
  later(box, 1);
  await update(t, box);
  t.deepEqual(signers(box, 'DNSKEY'), numbers(fresh));
  t.deepEqual(bases(box), [fresh, named(box, 'ZSK')].sort());
});

test('DKIM: the record first, then the signing, then seven days', async (t) => {
  const { box } = await makeRollingBox(t);
  const published = () =>
    [...box.read(signedZone).matchAll(/^(mail[^.]*)\._domainkey\.example\.com\.\t\d+\tIN\tTXT/gm)].map(
      ([, s]) => s,
    );
  t.is(await box.box('dns', 'rollover', 'dkim'), 0, box.complaints.join());
  const fresh = 'mail-20261124';
  t.deepEqual(published(), ['mail', fresh]);
  const keyTable = () => box.read('/etc/opendkim/KeyTable').split('\n')[0];
  t.is(keyTable(), 'box.example.com box.example.com:mail:/home/user-data/mail/dkim/mail.private');
  later(box, 6);
  await update(t, box);
  t.is(keyTable(), `box.example.com box.example.com:${fresh}:/home/user-data/mail/dkim/${fresh}.private`);
  t.true(box.ran.includes('service opendkim reload'));
  t.deepEqual(published(), ['mail', fresh]);
  await box.init(t);
  await box.box('status');
  t.regex(box.said.join('\n'), /^ok {7}DKIM: signs with the selector mail-20261124$/m);
  later(box, 7 * 24);
  await update(t, box);
  t.deepEqual(published(), [fresh]);
  t.deepEqual(readdirSync(box.at('/home/user-data/mail/dkim')), [`${fresh}.private`, `${fresh}.txt`]);
  await box.init(t);
  t.deepEqual(published(), [fresh], 'and no key is made in the place of the first');
  t.is(await box.box('dns', 'rollover', 'dkim'), 0);
  t.deepEqual(published(), [fresh, 'mail-20261201']);
});

test('DKIM, served elsewhere: the wait counts only once the world shows the record of every domain', async (t) => {
  const { box, world } = await makeRollingBox(t);
  const before = box.read(signedZone);
  box.settle({ dns: { mode: 'external' } });
  await box.init(t);
  t.is(await box.box('dns', 'rollover', 'zsk'), 1);
  t.regex(box.complaints.join(), /serves no zone/);
  world.dkim = false;
  box.write(signedZone, before);
  t.is(await box.box('dns', 'rollover', 'dkim'), 0, box.complaints.join());
  later(box, 1000);
  await update(t, box);
  t.like((await standing(box))[0], { phase: 'introducing', until: undefined, hangs: true });
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^error {4}rollover of the DKIM key: hangs\. .*record to be seen for every domain/m,
  );
  const record = /"([^"]*)"\n\t {2}"([^"]*)"\n\t {2}"([^"]*)"/.exec(
    box.read('/home/user-data/mail/dkim/mail-20261124.txt'),
  );
  const line = `mail-20261124._domainkey.example.com.\t1\tIN\tTXT\t"${record?.slice(1).join('" "')}"`;
  box.answer = (argv) =>
    argv[0] === 'dig'
      ? {
          out: `;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr ad; QUERY\n\n;; ANSWER SECTION:\n${line}\n`,
        }
      : undefined;
  await update(t, box);
  later(box, 6);
  await update(t, box);
  t.regex(box.read('/etc/opendkim/KeyTable'), /:mail-20261124:/);
});

test('given up: the new key leaves, the old one was never away', async (t) => {
  const { box, world } = await makeRollingBox(t);
  const [files, dkim] = [bases(box), readdirSync(box.at('/home/user-data/mail/dkim'))];
  world.ds = await dsOf(box, named(box, 'KSK'));
  for (const kind of ['zsk', 'ksk', 'dkim']) {
    t.is(await box.box('dns', 'rollover', kind), 0);
    t.is(await box.box('dns', 'rollover', kind), 1, 'once is enough');
    t.regex(box.complaints.join(), /is being replaced already/);
  }
  t.is(dnskeys(box), 4);
  for (const kind of ['zsk', 'ksk', 'dkim']) {
    t.is(await box.box('dns', 'rollover', kind, '--cancel'), 0, box.complaints.join());
    t.is(await box.box('dns', 'rollover', kind, '--cancel'), 1, box.complaints.join());
  }
  t.deepEqual(bases(box), files);
  t.deepEqual(readdirSync(box.at('/home/user-data/mail/dkim')), dkim);
  t.is(dnskeys(box), 2);
  t.notRegex(box.read(signedZone), /mail-2026/);
  t.is(await box.box('dns', 'rollover', 'ksk'), 0);
  const fresh = bases(box).find((base) => !files.includes(base)) ?? '';
  later(box, 6);
  await update(t, box);
  world.ds = await dsOf(box, fresh);
  t.is(await box.box('dns', 'rollover', 'ksk', '--cancel'), 1);
  t.regex(box.complaints.join(), /stays: the parent zone may vouch for the new key/);
});

test('off for a month between two phases: the wait begins anew, and nothing leaves too early', async (t) => {
  const { box } = await makeRollingBox(t);
  await box.box('dns', 'rollover', 'zsk');
  later(box, 30 * 24);
  box.write(paths.bootId, 'two\n');
  await box.init(t);
  await update(t, box);
  t.is(dnskeys(box), 3);
  later(box, 5.9);
  await update(t, box);
  t.is(dnskeys(box), 3);
  later(box, 0.1);
  await update(t, box);
  t.is(dnskeys(box), 2);
});

test('a zone that can not be built holds every wait up, and status says so', async (t) => {
  const { box } = await makeRollingBox(t);
  const answer = box.answer;
  box.broken = ([program]) => program === 'nsd-checkzone';
  box.answer = (argv, input) => (argv[0] === 'nsd-checkzone' ? { code: 1, err: 'bad' } : answer(argv, input));
  t.is(await box.box('dns', 'rollover', 'zsk'), 1);
  later(box, 72);
  t.is(await box.box('dns', 'update'), 1);
  t.like((await standing(box))[0], { phase: 'introducing', until: undefined, hangs: true });
  box.broken = () => false;
  await update(t, box);
  t.is(dnskeys(box), 3);
  t.like((await standing(box))[0], { phase: 'introducing', hangs: false });
});

test('keys that were restored from before it: the replacement is off, and they sign', async (t) => {
  const { box } = await makeRollingBox(t);
  const before = new Map(readdirSync(box.at(dnssec)).map((name) => [name, box.read(`${dnssec}/${name}`)]));
  const old = named(box, 'ZSK');
  await box.box('dns', 'rollover', 'zsk');
  later(box, 6);
  await update(t, box);
  await box.box('dns', 'rollover', 'zsk');
  for (const [name, text] of before) box.write(`${dnssec}/${name}`, text);
  await box.init(t);
  await update(t, box);
  t.false(existsSync(box.at(paths.rollovers)));
  t.deepEqual(signers(box, 'SOA'), numbers(old));
});

test('a state that the box did not write is named', async (t) => {
  const { box } = await makeRollingBox(t);
  box.write(
    paths.rollovers,
    '{"format":1,"zsk":{"phase":"removing","pairs":[{"set":"X","old":"../x","new":"y"}]}}',
  );
  t.is(await box.box('dns', 'update'), 1);
  t.regex(box.complaints.join(), /rollovers\.json is not what the box writes -> restore it/);
});
