/** When a rollover goes on: the decisions alone, on made-up moments. */
import test from 'ava';
import { readAnswer } from '../../../../box/dns/ask.ts';
import { dsRecords } from '../../../../box/dns/ds.ts';
import type { SigningKey } from '../../../../box/keys/dnssec/key-sets.ts';
import type { Rollover } from '../../../../box/keys/rollovers.ts';
import { judge, type Vouching } from '../../../../box/renew/rollover/parent.ts';
import { next, type Seen, whyTooLate } from '../../../../box/renew/rollover/phases.ts';

const start = Date.parse('2026-11-24T12:00:00Z');
const hour = 3_600_000;
const at = (hours: number) => new Date(start + hours * hour);
const seen = (hours: number, more: Partial<Seen> = {}): Seen => ({ now: at(hours), boot: 'one', ...more });
const rollover = (phase: Rollover['phase'], more: Partial<Rollover> = {}): Rollover => ({
  phase,
  pairs: [{ set: 'ECDSAP256SHA256', old: 'old', new: 'new' }],
  started: at(0).toISOString(),
  entered: at(0).toISOString(),
  since: at(0).toISOString(),
  boot: 'one',
  ...more,
});
const parents = (...by: Vouching['by'][]): Partial<Seen> => ({
  parents: by.map((each, i) => ({ zone: `zone${i}.example`, by: each, ttl: 7200 })),
});

test('a new key is introduced until caches and secondaries have forgotten the time before it', (t) => {
  const zsk = rollover('introducing');
  t.is(next('zsk', zsk, seen(5.9)), undefined);
  t.is(next('zsk', zsk, seen(6))?.phase, 'removing');
  t.is(next('ksk', zsk, seen(6))?.phase, 'awaiting');
  t.is(next('dkim', zsk, seen(6)), undefined, 'its record was not seen');
  t.is(next('dkim', zsk, seen(6, { recordSeen: false })), undefined);
  t.is(next('dkim', zsk, seen(6, { recordSeen: true }))?.phase, 'retiring');
});

test('a wait counts only from a publication of this boot, and not from the future', (t) => {
  const { since: _, ...unpublished } = rollover('introducing');
  t.is(next('zsk', unpublished, seen(1000)), undefined);
  t.is(next('zsk', rollover('introducing'), seen(1000, { boot: 'two' })), undefined, 'it was off meanwhile');
  t.is(next('zsk', rollover('introducing', { since: at(2000).toISOString() }), seen(1000)), undefined);
});

test('the old key signing key stays until every parent vouches for the new one or for none, however long that takes', (t) => {
  const ksk = rollover('awaiting');
  t.is(next('ksk', ksk, seen(10_000)), undefined, 'nobody was asked');
  for (const by of ['old', 'another', 'unknown'] as const)
    t.is(next('ksk', ksk, seen(10_000, parents('new', by, 'none'))), undefined, by);
  const retiring = next('ksk', ksk, seen(100, parents('new', 'none')));
  t.like(retiring, { phase: 'retiring', since: at(100).toISOString(), dsTtl: 7200 });
});

test('then until the old DS record is forgotten, and the parent is asked again', (t) => {
  const ksk = rollover('retiring', { dsTtl: 7200, boot: 'before' });
  t.is(next('ksk', ksk, seen(25.9, parents('new'))), undefined);
  t.is(next('ksk', ksk, seen(26, parents('new')))?.phase, 'removing');
  t.is(next('ksk', ksk, seen(26, parents('unknown'))), undefined);
  t.is(next('ksk', ksk, seen(26)), undefined);
  for (const by of ['old', 'another'] as const)
    t.like(next('ksk', ksk, seen(3, parents('new', by))), { phase: 'awaiting', since: at(3).toISOString() });
});

test('mail that was signed before has seven days to arrive', (t) => {
  const dkim = rollover('retiring');
  t.is(next('dkim', dkim, seen(7 * 24 - 1)), undefined);
  t.is(next('dkim', dkim, seen(7 * 24))?.phase, 'removing');
});

test('it can be given up as long as nobody relies on the new key', (t) => {
  t.is(whyTooLate('zsk', rollover('introducing'), seen(3)), undefined);
  t.regex(whyTooLate('zsk', rollover('removing'), seen(3)) ?? '', /has left already/);
  t.regex(whyTooLate('dkim', rollover('retiring'), seen(3)) ?? '', /signed with the new key/);
  t.regex(whyTooLate('ksk', rollover('retiring'), seen(3)) ?? '', /vouches for the new key/);
  const { since: _, ...awaiting } = rollover('awaiting');
  t.is(whyTooLate('ksk', awaiting, seen(3, parents('old', 'none'))), undefined);
  for (const by of ['new', 'unknown'] as const)
    t.regex(whyTooLate('ksk', awaiting, seen(3, parents('old', by))) ?? '', /DS record removed first/);
  const fellBack = rollover('awaiting', { dsTtl: 3600 });
  t.regex(
    whyTooLate('ksk', fellBack, seen(24, parents('old'))) ?? '',
    /may be remembered until 2026-11-25T13/,
  );
  t.is(whyTooLate('ksk', fellBack, seen(25, parents('old'))), undefined);
});

const key = (base: string): SigningKey => ({
  base,
  flags: 257,
  algorithm: 13,
  publicKey: Buffer.from(base.repeat(16)).toString('base64'),
});
const [old, fresh, other] = [key('o'), key('n'), key('x')];
const ds = (of: SigningKey, type = 2) => {
  const record = dsRecords('example.com', [{ name: '', keys: [of] }]).find(
    (each) => each.digestType === type,
  );
  return `example.com.\t1000\tIN\tDS\t${record?.keyTag} 13 ${type} ${record?.digest.toUpperCase().replace(/^(.{56})/, '$1 ')}`;
};
const answer = (lines: string[], { status = 'NOERROR', flags = 'qr rd ra ad' } = {}) =>
  readAnswer(
    [
      ';; Got answer:',
      `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1`,
      `;; flags: ${flags}; QUERY: 1, ANSWER: ${lines.length}, AUTHORITY: 0, ADDITIONAL: 1`,
      '',
      ...(lines.length === 0 ? [] : [';; ANSWER SECTION:', ...lines]),
      '',
    ].join('\n'),
  );
const rrsig =
  'example.com.\t1000\tIN\tRRSIG\tDS 13 2 86000 20261222140837 20261124140837 7827 com. twHQ Vzxn==';

test('the parent’s word is read from a validated answer', (t) => {
  const by = (lines: string[], more = {}) =>
    judge('example.com', answer(lines, more), [old], [fresh], [old, fresh]).by;
  t.is(by([ds(old), rrsig]), 'old');
  t.is(by([ds(old), ds(fresh, 4), rrsig]), 'new');
  t.is(by([ds(fresh)], { flags: 'qr rd ra' }), 'unknown', 'not validated');
  t.is(by([ds(other)]), 'another');
  t.is(by([]), 'none');
  t.is(by([], { status: 'NXDOMAIN' }), 'none');
  t.is(by([], { status: 'SERVFAIL' }), 'unknown');
  t.is(judge('example.com', readAnswer(';; no servers could be reached'), [old], [fresh], []).by, 'unknown');
  t.is(
    judge('example.com', answer([ds(other)]), [old], [fresh], [other]).by,
    'none',
    'it vouches by another set',
  );
  t.is(
    judge('example.com', answer([ds(old), rrsig]), [old], [fresh], []).ttl,
    86_000,
    'before it was cached',
  );
  t.is(judge('example.com', answer([]), [old], [fresh], []).ttl, 86_400);
});
