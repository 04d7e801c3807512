/** How an MTA-STS policy is found, kept and lost. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { MtaSts } from '../../../../box/outbound-tls/mta-sts.ts';
import { PolicyCache } from '../../../../box/outbound-tls/policy-cache.ts';
import { type Ask, LookupFailed } from '../../../../box/outbound-tls/question.ts';
import { TemporaryBox } from '../temporary-box.ts';
import { dnsOf } from './dns-world.ts';

const day = 86_400;
const policyText =
  'version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n';

interface Scene {
  ask: Ask;
  now: number;
  served: string | Error;
  fetches: number;
  readonly log: string[];
  readonly box: TemporaryBox;
  readonly open: () => Promise<MtaSts>;
}

function scene(t: ExecutionContext): Scene {
  const box = TemporaryBox.fresh(t);
  box.write('/var/lib/box-outbound-tls/keep', '');
  const it: Scene = {
    box,
    ask: announcing('1'),
    now: 1_000_000,
    served: policyText,
    fetches: 0,
    log: [],
    open: async () =>
      new MtaSts({
        ask: (name, type) => it.ask(name, type),
        fetchPolicy: async () => {
          it.fetches++;
          if (it.served instanceof Error) throw it.served;
          return it.served;
        },
        cache: await PolicyCache.open(box.machine, it.now),
        now: () => it.now,
        log: (line) => void it.log.push(line),
      }),
  };
  return it;
}

const announcing = (id: string): Ask => dnsOf({ 'TXT _mta-sts.d.example': { txt: [`v=STSv1; id=${id};`] } });

test('a policy is fetched once, and again when its id changes or a day has passed', async (t) => {
  const it = scene(t);
  const sts = await it.open();
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce');
  await sts.policyOf('d.example');
  t.is(it.fetches, 1);
  it.ask = announcing('2');
  it.served = policyText.replace('enforce', 'testing');
  t.is((await sts.policyOf('d.example'))?.mode, 'testing');
  t.is(it.fetches, 2);
  it.now += day;
  await sts.policyOf('d.example');
  t.is(it.fetches, 3);
});

test('ten deliveries at once make one fetch', async (t) => {
  const it = scene(t);
  const sts = await it.open();
  const found = await Promise.all(Array.from({ length: 10 }, () => sts.policyOf('d.example')));
  t.true(found.every((policy) => policy?.mode === 'enforce'));
  t.is(it.fetches, 1);
});

test('a known policy outlives a failed fetch, silence in DNS and a restart, until max_age', async (t) => {
  const it = scene(t);
  await (await it.open()).policyOf('d.example');
  it.served = new Error('connection refused');
  it.ask = announcing('2');
  it.now += 2 * day;
  const sts = await it.open();
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce', 'the fetch fails');
  it.ask = dnsOf({});
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce', 'the record is gone');
  it.ask = dnsOf({ 'TXT _mta-sts.d.example': 'fails' });
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce', 'DNS does not answer');
  it.now += 5 * day;
  await t.throwsAsync(sts.policyOf('d.example'), { instanceOf: LookupFailed }, 'its time is over');
  it.ask = dnsOf({});
  t.is(await sts.policyOf('d.example'), undefined);
  await it.open();
  t.false(existsSync(it.box.at('/var/lib/box-outbound-tls/d.example.json')));
});

test('a host that serves no policy is left alone for a while, unless the id changes', async (t) => {
  const it = scene(t);
  const sts = await it.open();
  it.served = '<html>';
  t.is(await sts.policyOf('d.example'), undefined);
  await sts.policyOf('d.example');
  t.is(it.fetches, 1);
  t.regex(it.log.join(), /d\.example: MTA-STS policy 1 is announced but cannot be had/);
  it.served = policyText;
  it.now += 301;
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce');
  it.ask = announcing('2');
  it.served = new Error('no');
  await sts.policyOf('d.example');
  it.ask = announcing('3');
  await sts.policyOf('d.example');
  t.is(it.fetches, 4);
});

test('once a day all known policies are fetched anew', async (t) => {
  const it = scene(t);
  const sts = await it.open();
  await sts.policyOf('d.example');
  it.now += day;
  await sts.refresh();
  t.is(it.fetches, 2);
  it.now += 6.5 * day;
  it.served = new Error('gone');
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce', 'counted from the second fetch');
  it.ask = dnsOf({ 'TXT _mta-sts.d.example': 'fails' });
  await sts.refresh();
});

test('a policy that was fetched while the clock was ahead holds, and is neither fresh nor kept for years', async (t) => {
  const it = scene(t);
  it.now += 1000 * day;
  await (await it.open()).policyOf('d.example');
  it.now -= 1000 * day;
  const sts = await it.open();
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce');
  it.now += 1.5 * day;
  await sts.policyOf('d.example');
  t.is(it.fetches, 2, 'a day later it is fetched anew');
  it.now += 1000 * day;
  await sts.policyOf('d.example');
  it.now -= 1000 * day;
  it.ask = dnsOf({ 'TXT _mta-sts.d.example': { txt: [] } });
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce');
  it.now += 8 * day;
  t.is(await sts.policyOf('d.example'), undefined, 'its max_age counts from when the clock was right');
});

test('a fetch that failed while the clock was ahead is tried again', async (t) => {
  const it = scene(t);
  it.served = new Error('gone');
  const sts = await it.open();
  it.now += 1000 * day;
  t.is(await sts.policyOf('d.example'), undefined);
  it.now -= 1000 * day;
  it.served = policyText;
  t.is((await sts.policyOf('d.example'))?.mode, 'enforce');
});

test('the cache is its owner’s alone, and damage in it is no more than a miss', async (t) => {
  const it = scene(t);
  await (await it.open()).policyOf('d.example');
  t.is(statSync(it.box.at('/var/lib/box-outbound-tls/d.example.json')).mode & 0o777, 0o600);
  it.box.write('/var/lib/box-outbound-tls/d.example.json', '{"id":"1","fet');
  it.box.write('/var/lib/box-outbound-tls/.x.json.box-new', 'half');
  await (await it.open()).policyOf('d.example');
  t.is(it.fetches, 2);
  t.deepEqual(readdirSync(it.box.at('/var/lib/box-outbound-tls')).sort(), ['d.example.json', 'keep']);
});
