/** How full the disk is, as the box reads it. */
import test from 'ava';
import { freePercent } from '../../../../box/machine/meters.ts';

test('free room is counted as users see it: without what is kept for root', (t) => {
  t.is(
    freePercent(
      'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 8000 2000 2000 50% /\n',
    ),
    50,
  );
  t.is(freePercent('nonsense'), 0);
});
