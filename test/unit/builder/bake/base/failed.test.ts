/** A base that could not be made: whoever said why is quoted, and not who gave up afterwards. */
import test from 'ava';
import { whatFailed } from '../../../../../builder/bake/base/base.ts';

test('apt’s first complaint', (t) => {
  const log = [
    'I: running apt-get update',
    'E: Unable to locate package nosuch',
    'E: setup failed: E: apt-get',
    'E: mmdebstrap failed to run',
  ];
  t.is(
    whatFailed(new Error('mmdebstrap exited 1'), log.join('\n')),
    'the base tree could not be made: Unable to locate package nosuch',
  );
});

test('what a script of ours said before it failed', (t) => {
  const log = [
    'I: running --customize-hook in shell',
    'chroot "$root" systemctl set-default --quiet bake.target',
    "' exec /tmp/mmdebstrap.x",
    'find: Failed to restore initial working directory: /home/alice: Permission denied',
    'umount: /tmp/mmdebstrap.x/dev/null: target is busy.',
    'W: umount ./dev/null failed: 8192',
    'E: setup failed: E: command failed: #!/bin/sh',
    '# a script',
    'E: mmdebstrap failed to run',
  ];
  t.is(
    whatFailed(new Error('mmdebstrap exited 1'), log.join('\n')),
    'the base tree could not be made: find: Failed to restore initial working directory: /home/alice: Permission denied; umount: /tmp/mmdebstrap.x/dev/null: target is busy.',
  );
});

test('where the log says nothing, the program that failed', (t) => {
  t.is(whatFailed(new Error('mmdebstrap exited 1'), ''), 'mmdebstrap exited 1');
});
