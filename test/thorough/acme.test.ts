/** Certificates by ACME on a box of files of its own: names, back-off, power cuts at every write, and what comes of failures. */
import { X509Certificate } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { Failure } from '../../box/machine/failure.ts';
import {
  type Authority as Acme,
  type Connect,
  connectAuthority,
  type Order,
} from '../../box/renew/acme/authority.ts';
import { nextTry, renewalTime, whyDue } from '../../box/renew/acme/due.ts';
import { provision } from '../../box/renew/acme/provision.ts';
import { readAcmeState } from '../../box/renew/acme/state.ts';
import { Authority } from '../unit/box/renew/authority.ts';
import { settings, TemporaryBox } from '../unit/box/temporary-box.ts';
import { cutPower } from './power-cut.ts';

const authority = new Authority();
const hour = 3_600_000;
const tokens = '/home/user-data/ssl/lets_encrypt/webroot/.well-known/acme-challenge';

/** An authority that looks at the box's files, and counts what it is asked. */
class World {
  orders = 0;
  days = 90;
  /** Names that it can't see. */
  readonly unseen = new Set<string>();
  /** Addresses in the DNS, where not the box's. */
  readonly elsewhere = new Map<string, string>();
  readonly #open = new Map<string, Order>();

  constructor(readonly box: TemporaryBox) {
    box.answer = (argv) => {
      if (argv[0] !== 'dig') return undefined;
      const [name = '', type] = argv.slice(-2);
      return { out: type === 'A' ? `${this.elsewhere.get(name) ?? '192.0.2.25'}\n` : '' };
    };
  }

  readonly connect: Connect = async (): Promise<Acme> => ({
    resume: async (url) => this.#open.get(url),
    order: async (names) => {
      const url = `https://acme.example/order/${++this.orders}`;
      const order: Order = {
        url,
        failed: [],
        proofs: names.map((name, i) => ({
          name,
          token: `token-${i}`,
          answer: `answer-${i}`,
          look: async () => {
            if (this.unseen.has(name)) throw new Failure('no such file', 'none');
            if (this.box.read(`${tokens}/token-${i}`) !== `answer-${i}`) throw new Error('another file');
          },
        })),
        finish: async (request) => authority.sign(request, names, this.days) + authority.issuer,
      };
      this.#open.set(url, order);
      return order;
    },
  });

  run = (byHand = false) => {
    const { machine, now } = this.box;
    return provision({ machine, settings, now: () => now }, { byHand, connect: this.connect });
  };
}

async function make(t: ExecutionContext): Promise<{ box: TemporaryBox; world: World }> {
  const box = await TemporaryBox.booted(t);
  box.now = new Date(Date.now() + 60_000);
  return { box, world: new World(box) };
}
const served = (box: TemporaryBox) =>
  new X509Certificate(box.read('/home/user-data/ssl/ssl_certificate.pem'));

test('one certificate for every name that leads to the box, with the key kept; then there is nothing to do', async (t) => {
  const { box, world } = await make(t);
  world.elsewhere.set('www.example.com', '192.0.2.99');
  const key = box.read('/home/user-data/ssl/ssl_private_key.pem');
  const done = await world.run();
  t.is(done.result, 'installed');
  t.deepEqual(done.skipped, [
    { name: 'www.example.com', why: 'it leads to 192.0.2.99, which is not this box' },
  ]);
  for (const name of ['box.example.com', 'example.com', 'mta-sts.example.com', 'autoconfig.example.com'])
    t.truthy(served(box).checkHost(name), name);
  t.is(served(box).checkHost('ns1.box.example.com'), undefined);
  t.is(box.read('/home/user-data/ssl/ssl_private_key.pem'), key);
  t.deepEqual(Object.keys(box.tree(tokens)), [], 'the proofs are gone');
  t.is((await world.run()).result, 'nothing');
  t.is(world.orders, 1);
  // A name that leads here now is added; one that leads away again is no reason.
  world.elsewhere.clear();
  t.is((await world.run()).result, 'installed');
  t.truthy(served(box).checkHost('www.example.com'));
  world.elsewhere.set('www.example.com', '192.0.2.99');
  t.is((await world.run()).result, 'nothing');
});

test('it is renewed with a third of its life or thirty days left, and not before', async (t) => {
  const { box, world } = await make(t);
  world.days = 6;
  await world.run();
  const first = served(box);
  t.is(Math.round((Date.parse(first.validTo) - renewalTime(first).getTime()) / hour), 48);
  const says = async () => {
    await box.box('status');
    return box.said.find((line) => /TLS certificate: /.test(line))?.split(' ')[0];
  };
  box.now = new Date(renewalTime(first).getTime() + 15 * hour);
  t.is(await says(), 'ok');
  box.now = new Date(renewalTime(first).getTime() + 17 * hour);
  t.is(await says(), 'warning');
  box.now = new Date(renewalTime(first).getTime() - 1000);
  t.is((await world.run()).result, 'nothing');
  box.now = new Date(renewalTime(first).getTime() + 1000);
  // The authority of these tests signs from the real time on.
  world.days = 90;
  t.is((await world.run()).result, 'installed');
  t.not(served(box).fingerprint256, first.fingerprint256);
  t.is(Date.parse(served(box).validTo) - renewalTime(served(box)).getTime(), 30 * 24 * hour);
});

test('a certificate that the owner brought is left alone until it ends', async (t) => {
  const { box, world } = await make(t);
  t.is(await box.box('tls', 'csr'), 0);
  box.write(
    '/root/new.pem',
    authority.sign(`${box.said.join('\n')}\n`, ['box.example.com']) + authority.issuer,
  );
  t.is(await box.box('tls', 'install', '/root/new.pem'), 0);
  t.is((await world.run()).result, 'nothing');
  box.now = new Date(box.now.getTime() + 61 * 24 * hour);
  t.regex(
    whyDue(served(box), { names: [], now: box.now, state: await readAcmeState(box.machine) }) ?? '',
    /^the certificate ends on /,
  );
});

test('a failure leaves the certificate, is told with its remedy, and keeps the box from asking again for longer and longer', async (t) => {
  const { box, world } = await make(t);
  box.settle({ acme: {} });
  world.unseen.add('box.example.com');
  const before = served(box).fingerprint256;
  const waits: number[] = [];
  for (let failures = 1; failures <= 6; failures++) {
    await t.throwsAsync(world.run(), {
      instanceOf: Failure,
      message: /^box\.example\.com could not be proven: no such file$/,
    });
    const orders = world.orders;
    t.is((await world.run()).result, 'nothing');
    t.is((await world.run(true)).result, 'nothing', 'by hand: not within a quarter of an hour');
    t.is(world.orders, orders);
    const state = await readAcmeState(box.machine);
    t.is(state.failures, failures);
    const next = nextTry(state, false, box.now) ?? box.now;
    waits.push((next.getTime() - box.now.getTime()) / hour);
    await box.box('status');
    t.regex(
      box.said.join('\n'),
      /^warning {2}certificate by ACME: box\.example\.com could not be proven: no such file; \d tries failed, the next is not before .*\n {9}-> .*box tls provision$/m,
    );
    box.now = next;
  }
  t.deepEqual(waits, [12, 24, 48, 96, 96, 96]);
  t.is(served(box).fingerprint256, before);
  world.unseen.clear();
  t.is((await world.run()).result, 'installed');
  t.is((await readAcmeState(box.machine)).failures, 0);
  await box.box('status');
  t.regex(box.said.join('\n'), /^ok {7}certificate by ACME: is renewed on 20/m);
});

test('a name that the authority can’t see is left out of a second order; alone it is no reason for a certificate', async (t) => {
  const { box, world } = await make(t);
  world.unseen.add('www.example.com');
  const done = await world.run();
  t.is(done.result, 'installed');
  t.is(world.orders, 2);
  t.is(served(box).checkHost('www.example.com'), undefined);
  t.deepEqual(done.skipped, [{ name: 'www.example.com', why: 'no such file' }]);
  const before = served(box).fingerprint256;
  await t.throwsAsync(world.run(), { message: /^www\.example\.com could not be proven/ });
  t.is(world.orders, 3);
  t.is(served(box).fingerprint256, before);
});

test('without an address of its own name the authority is not asked', async (t) => {
  const { world } = await make(t);
  world.elsewhere.set('box.example.com', '192.0.2.99');
  await t.throwsAsync(world.run(), { message: /^box\.example\.com: it leads to 192\.0\.2\.99/ });
  t.is(world.orders, 0);
});

test('a daemon that can’t load the certificate: the old one comes back', async (t) => {
  const { box, world } = await make(t);
  const before = box.machine.linkTarget('/home/user-data/ssl/ssl_certificate.pem');
  const dns = box.answer;
  let told = 0;
  box.answer = (argv, input) => {
    if (argv.join(' ') === 'service nginx reload' && told++ === 0) return { code: 1, err: 'nginx: bad' };
    return dns(argv, input);
  };
  await t.throwsAsync(world.run(), { message: /^the certificate was taken back: .*nginx: bad$/ });
  t.is(await box.machine.linkTarget('/home/user-data/ssl/ssl_certificate.pem'), await before);
  t.is(told, 2);
});

test('its power is cut at one write after the other: the old certificate or the new one, and few orders', async (t) => {
  const { box, world } = await make(t);
  const known = new Set([served(box).fingerprint256]);
  let cuts = 0;
  for (let left = 0; left < 60; left++) {
    const power = cutPower(box.machine, left);
    const failed = await world.run(true).then(
      () => undefined,
      (error: Error) => error.message,
    );
    const certificate = served(box);
    known.add(certificate.fingerprint256);
    t.true(known.size <= 3);
    t.true(certificate.checkHost('box.example.com') !== undefined);
    if (failed === undefined) break;
    t.is(failed, 'power cut');
    cuts++;
    power.end();
    t.is(await box.box('init'), 0, box.said.join('\n'));
    box.now = new Date(box.now.getTime() + hour / 3);
  }
  t.true(cuts > 8, `${cuts} cuts`);
  t.true(world.orders <= 4, `${world.orders} orders: one that is under way is found again`);
  t.deepEqual(
    Object.keys(box.tree('/home')).filter((file) => file.endsWith('.box-new')),
    [],
  );
});

test('an authority that can’t be reached is told by its address and the reason', async (t) => {
  const { box } = await make(t);
  const directory = 'https://127.0.0.1:1/directory';
  const asked = connectAuthority(
    {
      machine: box.machine,
      settings: { ...settings, acme: { directory, email: 'me@example.com' } },
      now: () => box.now,
    },
    'http-01',
  );
  await t.throwsAsync(asked, {
    instanceOf: Failure,
    message:
      'the authority: https://127.0.0.1:1/directory can’t be reached: connect ECONNREFUSED 127.0.0.1:1',
  });
});
