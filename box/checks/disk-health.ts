/** What the disks say of themselves (SMART), where there is one that does: virtual ones don't. */
import { type Check, type CheckResult, error, ok, warning } from './check.ts';

export const disksAreWell: Check = async ({ machine }) => {
  const title = 'disk health';
  const { code, out, err } = await machine.outcome(['smartctl', '--scan-open']);
  if (code === 127) return [warning(title, `can’t be asked: ${err}`, 'apt-get install smartmontools')];
  const disks = disksIn(out);
  if (disks.length === 0)
    return [ok(title, 'no disk here tells of its health, as is usual for virtual ones')];
  const results: CheckResult[] = [];
  for (const [disk, type] of disks) {
    const argv = ['smartctl', '--health', '--device', type, disk];
    const answer = await machine.outcome(argv);
    // smartctl(8): bit 3 is a disk that fails, bit 4 a value below its threshold; 0 to 2 that it could not be asked.
    if ((answer.code & 0b11000) !== 0)
      results.push(
        error(
          title,
          `${disk} says that it fails: all mail on it may soon be lost`,
          'back up now, and replace it',
        ),
      );
    else if ((answer.code & 0b111) === 0) results.push(ok(title, `${disk} says that it is well`));
  }
  return results.length > 0 ? results : [ok(title, 'no disk here tells of its health')];
};

/** Of `smartctl --scan-open`: `/dev/sda -d sat # ...`. What could not be opened is a comment. */
export function disksIn(scan: string): [disk: string, type: string][] {
  return [...scan.matchAll(/^(\/dev\/[\w/.-]+) -d ([\w,+]+)/gm)].map(([, disk = '', type = '']) => [
    disk,
    type,
  ]);
}
