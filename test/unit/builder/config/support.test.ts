/** A release that nobody mends any more says so where a config is checked. */
import test from 'ava';
import { supportWarning } from '../../../../builder/config/support.ts';
import { releases } from '../../../../releases/index.ts';

test('of a release whose public support has ended, one sentence says since when; of another, none', (t) => {
  t.regex(supportWarning(releases.get('ubuntu-14.04')) ?? '', /no public security upgrade since April 2019:/);
  t.is(supportWarning(releases.get('debian-12')), undefined);
  t.is(supportWarning(undefined), undefined);
});
