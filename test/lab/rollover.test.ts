/**
 * Keys are replaced while a validator outside asks all the time, through power cuts in every phase. The clocks of the
 * box program and of the validator are moved together; the lab's own zones are signed for two months.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import type { Rollovers } from '../../box/keys/rollovers.ts';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab, outsideAddress } from './world/lab.ts';
import { started } from './world/started.ts';
import { faketimeLibrary, Validator } from './world/validator.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-rollover');
const lab = makeLab(kept);
const zone = 'example.com';
const hour = 3600;
const day = 24 * hour;

interface Ds {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: string;
}
const dsRecord = ({ keyTag, algorithm, digestType, digest }: Ds) =>
  `${zone}. DS ${keyTag} ${algorithm} ${digestType} ${digest}`;

const ready = lab.then(async (it) => {
  const box = await started(it, 'box', it.owner);
  await box.run('systemctl disable --quiet --now box-dns.timer');
  await box.run('base64 -d >/root/libfaketime.so', readFileSync(faketimeLibrary()).toString('base64'));
  // dig does not bear libfaketime, and needs no other clock.
  const dig = '#!/bin/sh\nunset LD_PRELOAD\nexec /usr/bin/dig "$@"\n';
  await box.run('mkdir /root/bin && cat >/root/bin/dig && chmod 755 /root/bin/dig', dig);
  const before = (JSON.parse(await box.run('box dns ds --json')) as Ds[]).map(dsRecord);
  await it.zone.publish([
    `${zone}. NS ns1.${hostname}.`,
    `${zone}. NS ns2.${hostname}.`,
    `ns1.${hostname}. A ${box.host}`,
    `ns2.${hostname}. A ${box.host}`,
    ...before,
  ]);
  // What it asked before the delegation was there.
  await box.run('systemctl restart unbound');
  const address = '198.51.100.53';
  await it.outside.ip('address', 'add', `${address}/24`, 'dev', 'br0');
  const resolver = { rootHints: [outsideAddress], trustAnchor: it.zone.trustAnchor };
  const validator = kept.own(
    await new Validator(kept.folder, it.image, it.outside, address, resolver).start(),
  );
  const mta = await it.mta({ domain: 'plain.example', tls: 'none' });
  return { ...it, box, validator, mta, before };
});

/** Seconds that the clocks are ahead. */
let ahead = 0;

async function boxDns(words: string): Promise<void> {
  const { box } = await ready;
  await box.run(`${clock()} box dns ${words}`);
}
const clock = () =>
  `PATH=/root/bin:$PATH LD_PRELOAD=/root/libfaketime.so DONT_FAKE_MONOTONIC=1 FAKETIME=+${ahead}`;

async function moveClocks(seconds: number): Promise<void> {
  ahead += seconds;
  (await ready).validator.clock(ahead);
  await pollsOn();
}

async function state(): Promise<Rollovers> {
  const { box } = await ready;
  const file = path.join(box.folder, 'upper/home/user-data/dns/rollovers.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * Begins a command, cuts the power as soon as the state on the disk is this, or at the command's end where the moment was
 * too short to be seen, and boots again. Each single write is cut by test/thorough/rollover-power-cuts.test.ts.
 */
async function cutDuring(words: string, when: (now: Rollovers) => boolean): Promise<void> {
  const { box, validator } = await ready;
  await validator.during(zone, async () => {
    let isOver = false;
    const cut = box
      .outcome(`${clock()} box dns ${words}`)
      .catch(() => undefined)
      .finally(() => {
        isOver = true;
      });
    await waitFor(
      `the moment during box dns ${words}`,
      async () => (isOver || when(await state()) ? true : undefined),
      { everyMs: 2 },
    );
    await box.kill();
    await cut;
    await box.start();
    const said = await box.console.outcome();
    if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
  });
}

/** The validator has asked everything at least once more. */
async function pollsOn(): Promise<void> {
  const { validator } = await ready;
  const enough = validator.validated + 12;
  await waitFor('more answers that validate', () => (validator.validated > enough ? true : undefined));
}

/** Lets time pass until a rollover is there: every boot began its wait anew. */
async function until(what: string, is: (now: Rollovers) => boolean): Promise<void> {
  for (let round = 0; round < 3 && !is(await state()); round++) {
    await boxDns('update');
    await pollsOn();
    if (is(await state())) return;
    await moveClocks(6 * hour + 60);
    await boxDns('update');
    await pollsOn();
  }
  if (!is(await state())) throw new Error(`${what}: ${JSON.stringify(await state(), null, 2)}`);
}

async function send(subject: string): Promise<string> {
  const { box, owner, mta } = await ready;
  await deliver(box, 587, {
    from: owner.email,
    to: 'you@plain.example',
    subject,
    auth: owner,
    tls: 'required',
  });
  return mta.mail(subject);
}

async function keyTags(): Promise<{ zsk: string; ksk: string }> {
  const { box } = await ready;
  const conf = await box.run('cat /home/user-data/dns/dnssec/ECDSAP256SHA256.conf');
  return { ksk: /KSK=(.*)/.exec(conf)?.[1] ?? '', zsk: /ZSK=(.*)/.exec(conf)?.[1] ?? '' };
}

let first: { zsk: string; ksk: string };
let signedBefore: string;
let selector: string;
let newDs: string[];

test('before: the validator outside validates the zone', async (t) => {
  const { validator } = await ready;
  first = await keyTags();
  await waitFor('the zone to be validated', async () =>
    (await validator.ask(zone, 'MX')).secure ? true : undefined,
  );
  validator.poll(zone, [
    [zone, 'MX'],
    [zone, 'DNSKEY'],
    [hostname, 'A'],
    [`mail._domainkey.${zone}`, 'TXT'],
  ]);
  await pollsOn();
  signedBefore = await send('signed with the first key');
  t.regex(signedBefore, /DKIM-Signature:[\s\S]*?\ss=mail;/);
  t.deepEqual(validator.faults, []);
});

test('all three begin; the power is cut while the new key signing key is made', async (t) => {
  const { box, validator } = await ready;
  await boxDns('rollover zsk');
  await boxDns('rollover dkim');
  await pollsOn();
  await cutDuring('rollover ksk', ({ ksk }) => ksk !== undefined);
  await boxDns('update');
  await pollsOn();
  t.deepEqual(
    Object.values(await state()).flatMap((each) => (typeof each === 'object' ? [each?.phase] : [])),
    ['introducing', 'introducing', 'introducing'],
  );
  const { text } = await validator.ask(zone, 'DNSKEY');
  t.log(text.match(/DNSKEY\s+25[67] /g)?.length);
  selector = (await state()).dkim?.pairs[0]?.new ?? '';
  t.regex(await box.run('cat /etc/opendkim/KeyTable'), /^example\.com example\.com:mail:/m);
  t.deepEqual(validator.faults, []);
});

test('ZSK: the power is cut while the old one leaves; then it is gone', async (t) => {
  const { box, validator } = await ready;
  await moveClocks(6 * hour + 60);
  await cutDuring('update', ({ zsk }) => zsk?.phase === 'removing');
  await boxDns('update');
  await pollsOn();
  t.is((await state()).zsk, undefined);
  const { zsk } = await keyTags();
  t.not(zsk, first.zsk);
  t.is((await box.outcome(`ls /home/user-data/dns/dnssec/${first.zsk}.*`)).stdout, '');
  t.deepEqual(validator.faults, []);
});

test('DKIM: signing moves to the new selector, and mail signed before verifies as well as mail signed after', async (t) => {
  const { box, validator } = await ready;
  await until('signing with the new key', ({ dkim }) => dkim?.phase === 'retiring');
  t.true(ahead < day, 'a real clock must find the signatures valid: they begin a day early');
  const after = await send('signed with the new key');
  t.true(after.includes(`s=${selector};`), after);
  const verify = async (mail: string) => box.outcome('opendkim-testmsg', mail.replaceAll(/\r?\n/g, '\r\n'));
  for (const mail of [signedBefore, after]) {
    const { code, stdout, stderr } = await verify(mail);
    t.is(code, 0, stdout + stderr);
  }
  t.not((await verify(after.replace('signed with', 'sealed with'))).code, 0, 'the check can fail');
  t.deepEqual(validator.faults, []);
});

test('KSK: it waits for the parent; the power is cut right after the new DS record was seen', async (t) => {
  const { box, zone: world, validator, before } = await ready;
  await until('the parent to be waited for', ({ ksk }) => ksk?.phase === 'awaiting');
  await boxDns('update');
  const [standing] = JSON.parse(await box.run('box dns rollover --json')) as { phase: string; ds: Ds[] }[];
  t.is(standing?.phase, 'awaiting');
  t.regex(
    await box.run('box dns rollover'),
    /the parent of example\.com has the DS record of the old key only/,
  );
  newDs = (standing?.ds ?? []).map(dsRecord);
  t.is(newDs.length, 2);
  t.deepEqual(
    newDs.filter((ds) => before.includes(ds)),
    [],
  );
  await world.publish(newDs);
  await pollsOn();
  await cutDuring('update', ({ ksk }) => ksk?.phase === 'retiring');
  await boxDns('update');
  await pollsOn();
  t.is((await state()).ksk?.phase, 'retiring');
  t.deepEqual(validator.faults, []);
});

test('KSK: the power is cut while the old one leaves; then its DS record is removed', async (t) => {
  const { zone: world, validator, before } = await ready;
  await moveClocks(2 * day);
  await cutDuring('update', ({ ksk }) => ksk?.phase === 'removing');
  await boxDns('update');
  await pollsOn();
  t.is((await state()).ksk, undefined);
  t.not((await keyTags()).ksk, first.ksk);
  await world.withdraw(before);
  await moveClocks(2 * hour);
  await pollsOn();
  t.deepEqual(validator.faults, []);
});

test('DKIM: after a week the old selector leaves, through a power cut', async (t) => {
  const { box, validator } = await ready;
  await moveClocks(7 * day);
  await cutDuring('update', ({ dkim }) => dkim?.phase === 'removing');
  await boxDns('update');
  t.deepEqual(await state(), {});
  t.is((await box.run('ls /home/user-data/mail/dkim')).trim(), `${selector}.private\n${selector}.txt`);
  await moveClocks(2 * hour);
  t.regex(
    (await validator.ask(`mail._domainkey.${zone}`, 'TXT')).text,
    /status: NXDOMAIN[\s\S]*flags:[^;]* ad/,
  );
  t.regex((await validator.ask(`${selector}._domainkey.${zone}`, 'TXT')).text, /\sTXT\s+"v=DKIM1/);
  t.regex(await box.run('box dns rollover'), /^no key is being replaced$/m);
  t.true(validator.validated > 200, `${validator.validated} answers`);
  t.log(`${validator.validated} answers validated, ${validator.faults.length} not`);
  t.deepEqual(validator.faults, []);
});

test('signatures are made anew when a third of their life is left, and nobody sees one that has ended', async (t) => {
  const { validator } = await ready;
  const end = async () =>
    /\sRRSIG\s+MX(?:\s+\d+){3}\s+(\d{14})/.exec((await validator.ask(zone, 'MX')).text)?.[1];
  const first = (await end()) ?? '';
  t.regex(first, /^\d{14}$/);
  await moveClocks(15 * day);
  await boxDns('update');
  t.is(await end(), first, 'at half of it there is no need');
  await moveClocks(6 * day);
  await boxDns('update');
  // What the validator remembers of the old ones is over.
  await moveClocks(2 * hour);
  t.true(((await end()) ?? '') > first);
  await moveClocks(10 * day);
  t.true((await validator.ask(zone, 'MX')).secure, 'the first would have ended by now');
  t.deepEqual(validator.faults, []);
});

test('a key that leaves too early would have been noticed', async (t) => {
  const { zone: world, validator, before } = await ready;
  await world.withdraw(newDs);
  await world.publish(before);
  await moveClocksOnly(2 * hour);
  const fault = await waitFor('a fault', () => validator.faults[0]);
  t.regex(fault, /status: SERVFAIL/);
});

async function moveClocksOnly(seconds: number): Promise<void> {
  ahead += seconds;
  (await ready).validator.clock(ahead);
}
