/** `dns.algorithm` is for the keys of a box that has none. */
import { readdirSync } from 'node:fs';
import test from 'ava';
import { TemporaryBox } from '../unit/box/temporary-box.ts';

const dnssec = '/home/user-data/dns/dnssec';

test('RSASHA256, where the settings ask for it: keys of 2048 bits, which sign; a rollover keeps the algorithm', async (t) => {
  t.timeout(120_000);
  const box = TemporaryBox.fresh(t);
  box.settle({ dns: { algorithm: 'RSASHA256' } });
  await box.init(t);
  const names = readdirSync(box.at(dnssec));
  t.deepEqual(
    names.filter((name) => name.endsWith('.conf')),
    ['RSASHA256.conf'],
  );
  for (const name of names.filter((each) => each.endsWith('.private')))
    t.is(
      Buffer.from(/^Modulus: (.*)$/m.exec(box.read(`${dnssec}/${name}`))?.[1] ?? '', 'base64').length,
      256,
    );
  const signed = () => box.read('/home/user-data/dns/zones/example.com.signed');
  t.regex(signed(), /\tRRSIG\tSOA 8 2 3600 /);
  t.is(await box.box('dns', 'rollover', 'zsk'), 0, box.complaints.join());
  t.is([...signed().matchAll(/\tIN\tDNSKEY\t25[67] 3 8 /g)].length, 3);
});

test('keys that exist are kept, whatever the settings ask for', async (t) => {
  const box = await TemporaryBox.booted(t);
  const before = box.tree(dnssec);
  box.settle({ dns: { algorithm: 'RSASHA256' } });
  await box.init(t);
  t.deepEqual(box.tree(dnssec), before);
});
