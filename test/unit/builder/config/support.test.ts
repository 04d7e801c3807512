/** A release that nobody mends any more, and a cloud that keeps mail in, say so where a config is checked. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { datasourceWarning, portWarning, supportWarning } from '../../../../builder/config/support.ts';
import { clouds } from '../../../../clouds/index.ts';
import { releases } from '../../../../releases/index.ts';

test('of a release whose public support has ended, one sentence says since when; of another, none', (t) => {
  t.regex(supportWarning(releases.get('ubuntu-14.04')) ?? '', /no public security upgrade since April 2019:/);
  t.is(supportWarning(releases.get('debian-12')), undefined);
  t.is(supportWarning(undefined), undefined);
});

test('of a cloud that closes port 25, one sentence says how it is opened and leads to a relay; of another, none', (t) => {
  const outbound = { from: 'strict', recipientsPerHour: 500, reports: true } as const;
  const relay = { host: 'relay.example.com', port: 587, username: 'me', password: 'x' };
  t.regex(
    portWarning({ cloud: 'hetzner', outbound }) ?? '',
    /^Hetzner Cloud: port 25 .* closed until asked for .*first paid invoice.*stays on the box.*outbound\.relay /,
  );
  t.regex(portWarning({ cloud: 'gce', outbound }) ?? '', /closed for good/);
  t.is(portWarning({ cloud: 'hetzner', outbound: { ...outbound, relay } }), undefined);
  t.is(portWarning({ cloud: 'qemu', outbound }), undefined);
  t.is(portWarning({ cloud: 'openstack', outbound }), undefined);
});

test('of a cloud whose datasource the release’s cloud-init does not know, one sentence says what becomes of a box there', (t) => {
  const old = releases.get('ubuntu-14.04');
  t.regex(
    datasourceWarning({ cloud: 'hetzner' }, old) ?? '',
    /^Hetzner Cloud: cloud-init of Ubuntu 14\.04 .*\(Hetzner\).* stays closed\. Take a newer release/,
  );
  t.is(datasourceWarning({ cloud: 'ec2' }, old), undefined);
  t.is(datasourceWarning({ cloud: 'vsphere' }, old), undefined, 'by the CD of an OVF');
});

for (const release of releases.values())
  test(`${release.name}: of each cloud it is known whether its cloud-init looks for the datasource`, (t) => {
    const text = readFileSync(
      `overlays/system/${release.overlays[0]}/etc/cloud/cloud.cfg.d/91_box.cfg`,
      'utf8',
    );
    const list = /^datasource_list: \[ (.*), None \]$/m.exec(text)?.[1]?.split(', ') ?? [];
    t.true(list.length > 5);
    // Akamai's is our own: of Debian's releases a generator names it. VMware's OVFs are read as such.
    const besides: Readonly<Record<string, string>> = { Akamai: 'NoCloud', VMware: 'OVF' };
    for (const { name, datasource, datasourceUnknownTo = [] } of clouds)
      t.is(
        datasourceUnknownTo.includes(release.name),
        ![datasource, besides[datasource]].some((one) => one !== undefined && list.includes(one)),
        name,
      );
  });
