/** Why a box does not have the backup yet that it begins with, in words for an owner who sees its console alone. */
import { rsyncTargetPattern } from '../../contract/settings.ts';
import { isLinkLocal } from '../dns/addresses.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { Explained, type Why } from '../storage/backup/duplicity.ts';
import { LoginIsMissing, nameOf, type Wanted } from '../storage/backup/first-restore.ts';
import { NotLetIn, Unreachable } from '../storage/backup/stores/store.ts';

/** Its name may still lead to the old machine, so an address where one is known. */
const addressOf = ({ machine, settings: { hostname, publicIpv4, publicIpv6 } }: Box): string => {
  const own = machine.addresses().filter((address) => !isLinkLocal(address));
  const ofFamily = (wanted: 4 | 6) => own.find(({ family }) => family === wanted)?.address;
  return publicIpv4 ?? ofFamily(4) ?? publicIpv6 ?? ofFamily(6) ?? hostname;
};

/** For scp(1), to which a colon ends the host. */
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);

/** The command that brings the key. */
const bringing = (box: Box) => `ssh root@${addressOf(box)} box restore key < secret_key.txt`;

export const keyIsMissing = (box: Box) =>
  new Failure('the key of the backups is not here yet', `bring it: ${bringing(box)}`);

/** The command that brings what opens a store. */
const bringingLogin = (box: Box) => `ssh root@${addressOf(box)} box restore login`;

export const backupIsMissing = (box: Box, wanted: Wanted) =>
  new Failure(
    `${nameOf(wanted)} holds no whole backup`,
    wanted.from === 'local'
      ? `bring its files, and the key when all are there: scp -r encrypted root@${bracketed(addressOf(box))}:${paths.backup}/`
      : 'is the path right? It is the folder with the files duplicity-full...',
  );

/** One failure that says all of them. */
export function together(problems: readonly Failure[]): Failure {
  return new Failure(
    problems.map(({ message }) => message).join('; '),
    [...new Set(problems.map(({ hint }) => hint))].join('; '),
  );
}

/** The same failure with a remedy that helps here, where there is no box yet. */
export async function helped(error: unknown, box: Box, wanted: Wanted): Promise<Failure> {
  if (!(error instanceof Failure)) throw error;
  if (error instanceof LoginIsMissing)
    return new Failure(
      `what opens ${nameOf(wanted)} is not here yet`,
      `bring it, the user or the id of the key and the password or key as two lines: ${bringingLogin(box)}`,
    );
  if (error instanceof NotLetIn)
    return new Failure(error.message, `bring the right login: ${bringingLogin(box)}`);
  if (error instanceof Unreachable)
    return new Failure(error.message, 'is it on, and is its name right? The box tries again by itself');
  if (!(error instanceof Explained)) return error;
  const { user = 'root', host = 'this box' } = rsyncTargetPattern.exec(wanted.from)?.groups ?? {};
  const line = ((await box.machine.read(`${paths.backupSshKey}.pub`)) ?? '').trim();
  const again = 'the box tries again by itself';
  const remedies: Readonly<Record<Why, readonly [what: string, hint: string]>> = {
    'no key': [keyIsMissing(box).message, keyIsMissing(box).hint],
    'another key': [
      'these backups were not made with the key that was brought',
      `bring that of the box that made them: ${bringing(box)}`,
    ],
    full: ['the disk is too small for what the backup holds', 'launch with a larger disk or volume'],
    'not let in': [
      `${host} does not let this box in as ${user}`,
      `add this line to ${user}’s authorized_keys there: ${line}`,
    ],
    'another host': [
      `${host} does not show the key that box.restore.hostKey names`,
      'look at the key there (/etc/ssh/ssh_host_*_key.pub); if it is another one, correct box.restore.hostKey and launch with the new user-data',
    ],
    unreachable: [`${host} can’t be reached`, `is it on, and does its firewall let this box in? ${again}`],
    'no backup': [
      `${nameOf(wanted)} holds no backup${wanted.time === undefined ? '' : ` of ${wanted.time} or before`}`,
      'correct box.restore and launch with the new user-data',
    ],
    busy: [error.message, again],
  };
  return new Failure(...remedies[error.why]);
}
