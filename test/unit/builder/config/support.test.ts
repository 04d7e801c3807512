/** A release that nobody mends any more, and a cloud that keeps mail in, say so where a config is checked. */
import test from 'ava';
import { portWarning, supportWarning } from '../../../../builder/config/support.ts';
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
