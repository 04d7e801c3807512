/** Holds a base to its lock: whether the archive still has all of it, before anything is made, and whether it is what came out. */
import { ConfigError, type Problem } from '../../config/problem.ts';
import { type ReadLock, writtenAnew } from '../../lock/read.ts';
import { debName, parseStatus } from '../../trust/bill/dpkg.ts';
import type { DebDigests } from '../deb-digests.ts';
import type { Offers } from './offers.ts';

/** @throws ConfigError with each package that can't be had as the lock has it */
export function checkAvailable(lock: ReadLock, offers: Offers): void {
  const problems = lock.packages.flatMap((locked, index): Problem[] => {
    const { name, version, architecture, sha256 } = locked;
    const known = offers.of(name);
    const same = known.filter((offer) => offer.version === version && offer.architecture === architecture);
    if (same.some((offer) => offer.sha256 === sha256)) return [];
    const has = [...new Set(known.map((offer) => offer.version))].join(', ');
    let rule = `${name} ${version} is not in the archive any more, which has ${has}`;
    if (known.length === 0) rule = `the archive has no package ${name}`;
    if (same.length > 0)
      rule = `${name} ${version} is in the archive with another SHA-256, ${same[0]?.sha256}`;
    const remedy = `${writtenAnew(lock.config)}, with what the archive has now; or name one in image.mirror that keeps what was`;
    return [{ place: lock.placeOf(index), key: `packages[${index}]`, rule, remedy }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** `status`: dpkg's, of the tree; `digests` of the archives that it was made of, by name. @throws where it is not what the lock says */
export function checkInstalled(lock: ReadLock, status: string, digests: DebDigests): void {
  const installed = new Map(parseStatus(status).map((each) => [each.name, each]));
  const wrong = lock.packages.flatMap(({ name, version, architecture, sha256 }) => {
    const found = installed.get(name);
    installed.delete(name);
    if (found === undefined) return [`${name} was not installed`];
    if (found.version !== version || found.architecture !== architecture)
      return [`${name} is ${found.version} ${found.architecture}, not ${version} ${architecture}`];
    return digests[debName(found)] === sha256 ? [] : [`${debName(found)} is another file`];
  });
  wrong.push(...[...installed.keys()].map((name) => `${name} was installed, and is not in the lock`));
  if (wrong.length === 0) return;
  throw new Error(
    `the base tree is not what ${lock.file} says: ${wrong.join('; ')}; ${writtenAnew(lock.config)}`,
  );
}
