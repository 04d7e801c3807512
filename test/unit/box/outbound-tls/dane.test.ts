/** DANE first: what `box outbound-tls` decides, from a DNS made up. */
import test from 'ava';
import { type Dane, daneOf } from '../../../../box/outbound-tls/dane.ts';
import { decide } from '../../../../box/outbound-tls/decide.ts';
import type { Policy } from '../../../../box/outbound-tls/mta-sts-text.ts';
import { LookupFailed } from '../../../../box/outbound-tls/question.ts';
import { dnsOf, type World } from './dns-world.ts';

const mx = (...names: string[]) => ({ mx: names.map((exchange, i) => ({ preference: 10 * i, exchange })) });
const address = { hasAddress: true };
const tlsa = (usage = 3, length = 32) => ({
  tlsa: [{ usage, selector: 1, matchingType: 1, certificate: Buffer.alloc(length) }],
});
const a: World = {
  'MX d.example': mx('a.example'),
  'A a.example': address,
  'TLSA _25._tcp.a.example': tlsa(),
};
const ab: World = { ...a, 'MX d.example': mx('a.example', 'b.example'), 'A b.example': address };

const names = Array.from({ length: 40 }, (_, i) => `a${i}.example`);
const many: World = Object.fromEntries([
  ['MX d.example', mx(...names)],
  ...names.flatMap((name) => [
    [`A ${name}`, address],
    [`TLSA _25._tcp.${name}`, tlsa()],
  ]),
]);

const daneCases: readonly [string, World, Dane][] = [
  ['every server has usable records', a, 'dane-only'],
  ['one of two has', ab, 'dane'],
  ['none has', { ...a, 'TLSA _25._tcp.a.example': {} }, 'none'],
  ['the MX records are not signed', { ...a, 'MX d.example': { ...mx('a.example'), secure: false } }, 'none'],
  ['the server’s zone is not signed', { ...a, 'A a.example': { ...address, secure: false } }, 'none'],
  [
    'the TLSA records are not signed',
    { ...a, 'TLSA _25._tcp.a.example': { ...tlsa(), secure: false } },
    'none',
  ],
  ['the records are for a web authority only', { ...a, 'TLSA _25._tcp.a.example': tlsa(1) }, 'none'],
  ['the digest has a wrong length', { ...a, 'TLSA _25._tcp.a.example': tlsa(3, 20) }, 'none'],
  ['only AAAA', { ...a, 'A a.example': {}, 'AAAA a.example': address }, 'dane-only'],
  ['no MX: the domain itself', { 'A d.example': address, 'TLSA _25._tcp.d.example': tlsa() }, 'dane-only'],
  ['the domain takes no mail', { 'MX d.example': mx('') }, 'none'],
  ['there is no such domain', { 'MX d.example': { noName: true } }, 'none'],
  ['asking for one server’s records fails', { ...ab, 'TLSA _25._tcp.b.example': 'fails' }, 'dane'],
  ['asking for the only records fails', { ...a, 'TLSA _25._tcp.a.example': 'fails' }, 'dane'],
  ['one server can not be found', { ...ab, 'A b.example': 'fails' }, 'dane'],
  [
    'records under the name that an alias leads to',
    {
      ...a,
      'A a.example': { ...address, canonical: 'c.example' },
      'TLSA _25._tcp.a.example': {},
      'TLSA _25._tcp.c.example': tlsa(),
    },
    'dane-only',
  ],
  [
    'records under the alias itself',
    { ...a, 'A a.example': { ...address, canonical: 'c.example' } },
    'dane-only',
  ],
  ['more servers than anybody has', many, 'dane'],
];
for (const [what, world, expected] of daneCases)
  test(`DANE, ${what}: ${expected}`, async (t) => t.is(await daneOf('d.example', dnsOf(world)), expected));

test('DANE: no answer about the domain’s servers is a failure, not a "no"', async (t) => {
  await t.throwsAsync(daneOf('d.example', dnsOf({ 'MX d.example': 'fails' })), { instanceOf: LookupFailed });
  const lost: World = { ...ab, 'A a.example': 'fails', 'A b.example': 'fails' };
  await t.throwsAsync(daneOf('d.example', dnsOf(lost)), { instanceOf: LookupFailed });
});

// --- The decision.

const policy = (mode: Policy['mode']): Policy => ({
  mode,
  mx: ['mail.example.com', '*.example.net'],
  maxAge: 86_400,
});
const enforce = { policyOf: async () => policy('enforce') };
const around = {
  ask: dnsOf({ ...a, 'MX s.example': mx('s.example') }),
  mtaSts: enforce,
  sendsServerName: true,
  comparesPatterns: false,
};

test('DANE, then MTA-STS, else Postfix’s own default', async (t) => {
  t.deepEqual(await decide('d.example', around), { status: 'OK', value: 'dane-only' });
  const secure = 'secure match=mail.example.com:.example.net';
  t.deepEqual(await decide('s.example', around), { status: 'OK', value: `${secure} servername=hostname` });
  t.deepEqual(await decide('s.example', { ...around, sendsServerName: false }), {
    status: 'OK',
    value: secure,
  });
  t.deepEqual(await decide('s.example', { ...around, sendsServerName: false, comparesPatterns: true }), {
    status: 'OK',
    value: `${secure} policy_type=sts mx_host_pattern=mail.example.com mx_host_pattern=*.example.net`,
  });
  for (const mode of ['testing', 'none'] as const) {
    const mtaSts = { policyOf: async () => policy(mode) };
    t.deepEqual(await decide('s.example', { ...around, mtaSts }), { status: 'NOTFOUND' });
  }
  t.deepEqual(await decide('s.example', { ...around, mtaSts: { policyOf: async () => undefined } }), {
    status: 'NOTFOUND',
  });
  t.deepEqual(await decide('[relay.example]:587', around), { status: 'NOTFOUND' });
});

test('while DNS fails, mail waits', async (t) => {
  const reply = await decide('d.example', { ...around, ask: dnsOf({ 'MX d.example': 'fails' }) });
  t.is(reply.status, 'TEMP');
});
