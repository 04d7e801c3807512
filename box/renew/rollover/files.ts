/** What the phase of a rollover asks for on the disk: new keys made, and each `.conf` naming the key that stays. */
import { makeDkimKey } from '../../keys/dkim/key.ts';
import { keyFile, readSelectors, removeDkimKey } from '../../keys/dkim/selectors.ts';
import { confFile, confValue, readKeySets } from '../../keys/dnssec/key-sets.ts';
import { algorithms, generateKey, keepKey, removeKey } from '../../keys/dnssec/make.ts';
import {
  type Kind,
  kinds,
  type Pair,
  putRollover,
  type Rollover,
  readRollovers,
  standing,
} from '../../keys/rollovers.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';

/** Makes the new keys. The state names them before the first of their files is there, so that none is ever forgotten. */
export async function makeKeys(machine: Machine, kind: Kind, now: Date): Promise<void> {
  const pairs = kind === 'dkim' ? [await newSelector(machine, now)] : await newSigningKeys(machine, kind);
  const time = now.toISOString();
  const making: Rollover = { phase: 'making', pairs, started: time, entered: time };
  await putRollover(machine, kind, making);
  await finishMaking(machine, kind, making);
}

/** Two in one day are told apart by a number. */
async function newSelector(machine: Machine, now: Date): Promise<Pair> {
  const { signing } = await readSelectors(machine);
  const date = `mail-${now.toISOString().slice(0, 10).replace(/-/g, '')}`;
  for (let number = 1; ; number++) {
    const fresh = number === 1 ? date : `${date}-${number}`;
    if (fresh !== signing && !(await machine.exists(keyFile(fresh).path)))
      return { old: signing, new: fresh };
  }
}

async function newSigningKeys(machine: Machine, kind: 'zsk' | 'ksk'): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const { name, keys } of await readKeySets(machine)) {
    const old = keys.find(({ flags }) => (flags & 1) === (kind === 'ksk' ? 1 : 0));
    const algorithm = algorithms[old?.algorithm ?? 0];
    if (old === undefined || algorithm === undefined) {
      throw new Failure(
        `${confFile(name)}: the box makes no keys of that algorithm`,
        `it makes: ${Object.values(algorithms).join(', ')}`,
      );
    }
    pairs.push({ set: name, old: old.base, new: await generateKey(machine, algorithm, kind) });
  }
  return pairs;
}

async function finishMaking(machine: Machine, kind: Kind, making: Rollover): Promise<void> {
  for (const { new: fresh } of making.pairs) {
    if (kind === 'dkim') await makeDkimKey(machine, fresh);
    else await keepKey(machine, fresh);
  }
  await putRollover(machine, kind, { ...making, phase: 'introducing' });
}

/** Whether `settleFiles` has nothing to do. */
export async function filesAreSettled(machine: Machine): Promise<boolean> {
  const rollovers = await readRollovers(machine);
  for (const kind of kinds) {
    const rollover = rollovers[kind];
    if (rollover === undefined) continue;
    if (rollover.phase === 'making' || (await moot(machine, kind, rollover)).length > 0) return false;
    if ((await wrongConfs(machine, kind, rollover)).length > 0) return false;
  }
  return true;
}

/** Goes on with what a power cut left half done. */
export async function settleFiles(machine: Machine): Promise<void> {
  for (const kind of kinds) {
    let rollover = (await readRollovers(machine))[kind];
    if (rollover === undefined) continue;
    const gone = await moot(machine, kind, rollover);
    if (gone.length > 0) {
      const pairs = rollover.pairs.filter((pair) => !gone.includes(pair));
      rollover = pairs.length === 0 ? undefined : { ...rollover, pairs };
      await putRollover(machine, kind, rollover);
    }
    if (rollover === undefined) continue;
    if (rollover.phase === 'making') {
      await makeAgain(machine, kind, rollover);
      continue;
    }
    for (const { path, text } of await wrongConfs(machine, kind, rollover))
      await machine.put({ path, mode: 0o600, text });
  }
}

/** A DNSSEC key that was in memory only is lost with the power: what is left of it goes, and another is made. */
async function makeAgain(machine: Machine, kind: Kind, making: Rollover): Promise<void> {
  if (kind === 'dkim') return finishMaking(machine, kind, making);
  await removeKeys(
    machine,
    kind,
    making.pairs.map((pair) => pair.new),
  );
  await makeKeys(machine, kind, new Date(making.started));
}

export async function removeKeys(machine: Machine, kind: Kind, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (kind === 'dkim') await removeDkimKey(machine, name);
    else await removeKey(machine, name);
  }
}

/** Pairs that a restored `.conf` knows neither key of: nothing is left to replace. */
async function moot(machine: Machine, kind: Kind, { pairs }: Rollover): Promise<Pair[]> {
  if (kind === 'dkim') return [];
  const found: Pair[] = [];
  for (const pair of pairs) {
    const text = (await machine.read(confFile(pair.set ?? ''))) ?? '';
    if (![pair.old, pair.new].includes(confValue(text, kind.toUpperCase()))) found.push(pair);
  }
  return found;
}

async function wrongConfs(
  machine: Machine,
  kind: Kind,
  rollover: Rollover,
): Promise<{ path: string; text: string }[]> {
  if (kind === 'dkim') return [];
  const key = kind.toUpperCase();
  const wrong: { path: string; text: string }[] = [];
  for (const pair of rollover.pairs) {
    const path = confFile(pair.set ?? '');
    const before = (await machine.read(path)) ?? '';
    const text = before.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${standing(rollover, pair)}`);
    if (text !== before) wrong.push({ path, text });
  }
  return wrong;
}
