/** What the disks say of themselves (SMART), where there is one that does: virtual ones don't. */
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { command } from '../../machine/services.ts';
import { type Check, type CheckResult, error, ok, warning } from './check.ts';

const title = 'disk health';

export const disksAreWell: Check = async ({ machine, image }) => {
  try {
    await machine.run(command(image, 'startService', 'box-disk-health'));
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return [warning(title, `can’t be asked: ${cause.message}`, 'apt-get install smartmontools')];
  }
  const answers = answersIn((await machine.read(paths.diskHealth)) ?? '');
  const results = answers.flatMap(([disk, code]) => verdict(disk, code));
  return results.length > 0
    ? results
    : [ok(title, 'no disk here tells of its health, as is usual for virtual ones')];
};

/** smartctl(8): bit 3 of its exit code is a disk that fails, bit 4 a value below its threshold; 0 to 2 that it could not be asked. */
function verdict(disk: string, code: number): CheckResult[] {
  if ((code & 0b11000) !== 0)
    return [
      error(
        title,
        `${disk} says that it fails: all mail on it may soon be lost`,
        'back up now, and replace it',
      ),
    ];
  return (code & 0b111) === 0 ? [ok(title, `${disk} says that it is well`)] : [];
}

/** Of what `/usr/lib/box/disk-health` leaves: `/dev/sda 0`. */
export function answersIn(text: string): [disk: string, code: number][] {
  return [...text.matchAll(/^(\/dev\/[\w/.-]+) (\d{1,3})$/gm)].map(([, disk = '', code]) => [
    disk,
    Number(code),
  ]);
}
