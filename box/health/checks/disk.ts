/** There is room for mail, of bytes (the same limits as Mail-in-a-Box) and of files, and it can be written to. */
import { freePercent } from '../../machine/meters.ts';
import { paths } from '../../machine/paths.ts';
import { type Check, type CheckResult, error, ok, type Subject, warning } from './check.ts';

const title = 'disk';

export const diskHasRoom: Check = async ({ machine }) => {
  if (await machine.isReadOnly(paths.storage))
    return [
      error(
        title,
        `${paths.storage} is read-only, as the kernel makes a disk that fails: mail waits where it was sent from`,
        'see dmesg; then reboot, which checks the file system, or attach another disk',
      ),
    ];
  const remedy = 'a full disk takes no mail: delete some, or grow the disk';
  return [
    judged(await free(machine, '-k'), `the disk under ${paths.storage}`, remedy),
    ...(await files(machine)),
  ];
};

const free = async (machine: Subject['machine'], what: '-k' | '-i') =>
  freePercent(await machine.run(['df', '-P', what, machine.at(paths.storage)]));

/** Of the files that a file system can hold; one that has no such limit says 0, or nothing. */
async function files(machine: Subject['machine']): Promise<CheckResult[]> {
  const out = await machine.run(['df', '-P', '-i', machine.at(paths.storage)]);
  if (!/\s[1-9]\d*\s+\d+\s+\d+\s+\d+%/.test(out)) return [];
  const remedy = 'a mail is a file: delete some, or make a file system for more (mkfs.ext4 -N)';
  const result = judged(freePercent(out), `the files that the disk under ${paths.storage} can hold`, remedy);
  return result.state === 'ok' ? [] : [result];
}

function judged(percent: number, what: string, remedy: string): CheckResult {
  const text = `${percent}% of ${what} ${what.startsWith('the files') ? 'are' : 'is'} free`;
  if (percent < 15) return error(title, text, remedy);
  return percent <= 30 ? warning(title, text, remedy) : ok(title, text);
}
