/** The whole zone of the example as a reviewable file, and as the name server itself reads it. `make golden` rewrites it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { makeZones } from '../../box/dns/records.ts';
import { withSerial, zoneText } from '../../box/dns/zone.ts';
import { facts, written } from '../unit/box/dns/facts.ts';

const file = path.resolve('test/golden/example.com.zone');

test('the zone of the example', (t) => {
  const { zones, refused } = makeZones({
    ...facts,
    certified: ['box.example.com', 'mta-sts.box.example.com', 'mta-sts.example.com'],
    custom: [
      written('shop.example.com', 'CNAME', 'shops.example.net'),
      written('example.com', 'TXT', 'some-site-verification=abc "quoted"'),
      written('lab.example.com', 'NS', 'ns.example.net'),
    ],
  });
  t.deepEqual(refused, []);
  t.is(zones.length, 1);
  for (const zone of zones) {
    const text = withSerial(zoneText(zone, facts.hostname, 'none'), 2026112400);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
    t.is(text, readFileSync(file, 'utf8'), '`make golden` if this was meant');
    t.regex(
      execFileSync('nsd-checkzone', [zone.name, file], { encoding: 'utf8' }),
      /zone example\.com is ok/,
    );
  }
});
