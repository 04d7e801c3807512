/** Whatever an owner writes: what the box accepts makes a zone that the name server loads. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { makeZones } from '../../box/dns/records.ts';
import { takeSerial, withSerial, zoneText } from '../../box/dns/zone.ts';
import { facts } from '../unit/box/dns/facts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dns-'));
test.after.always(() => rmSync(folder, { recursive: true }));

const names = [
  'example.com',
  'www.example.com',
  'a.example.com',
  'b.a.example.com',
  '*.a.example.com',
  'box.example.com',
];
const hosts = ['mail.example.net', 'b.a.example.com.', 'www', '.', 'a.example.com', '_x.example.net'];
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.domain().map((domain) => `${domain}.example.com`) },
  { weight: 1, arbitrary: fc.string() },
);
const host = fc.oneof(fc.constantFrom(...hosts), fc.domain(), fc.string({ maxLength: 20 }));
const number = fc.oneof(fc.nat(70_000), fc.nat(300));
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdefABCDEF'), { minLength: length, maxLength: length })
    .map((d) => d.join(''));
const values: Record<string, fc.Arbitrary<string>> = {
  A: fc.oneof(fc.ipV4(), fc.constant('local')),
  AAAA: fc.oneof(fc.ipV6(), fc.constant('local')),
  CAA: fc.tuple(number, fc.constantFrom('issue', 'iodef', 'x1'), fc.string()).map((parts) => parts.join(' ')),
  CNAME: host,
  MX: fc.tuple(number, host).map((parts) => parts.join(' ')),
  NS: host,
  SRV: fc.tuple(number, number, number, host).map((parts) => parts.join(' ')),
  SSHFP: fc.oneof(
    hex(40).map((h) => `1 1 ${h}`),
    hex(64).map((h) => `4 2 ${h}`),
    fc.string(),
  ),
  TXT: fc.oneof(fc.string({ maxLength: 600, unit: 'binary' }), fc.string({ maxLength: 40 })),
};
const record = fc
  .tuple(name, fc.constantFrom(...Object.keys(values)))
  .chain(([name, type]) => (values[type] as fc.Arbitrary<string>).map((value) => ({ name, type, value })));

test('the name server loads every zone, and every record is published, refused or there already', (t) => {
  let published = 0;
  fc.assert(
    fc.property(fc.array(record, { maxLength: 25 }), (custom) => {
      const { zones, refused } = makeZones({ ...facts, custom });
      const own = zones.flatMap(({ records }) => records.filter(({ why }) => why.includes('owner wants')));
      published += own.length;
      if (own.length + refused.length > custom.length) throw new Error('a record was counted twice');
      for (const zone of zones) {
        const file = path.join(folder, 'zone');
        const text = zoneText(zone, facts.hostname, 'none');
        writeFileSync(file, withSerial(text, 2026112401));
        const { status, stdout, stderr } = spawnSync('nsd-checkzone', [zone.name, file], {
          encoding: 'utf8',
        });
        if (status !== 0 || stderr !== '') throw new Error(`${stdout}${stderr}`);
        if (takeSerial(withSerial(text, 2026112401))?.text !== text)
          throw new Error('the serial is not found again');
      }
    }),
    { numRuns: 200 },
  );
  t.true(published > 300, `${published} records of owners were published`);
});
