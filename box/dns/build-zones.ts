/** Builds zones: signs, verifies, replaces each, as many at a time as the machine has processors. */
import { cpus } from 'node:os';
import type { Image } from '../../contract/settings.ts';
import type { SigningKey } from '../keys/dnssec/key-sets.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { signedFile } from './name-server.ts';
import { makeSigner, type Signer } from './sign.ts';
import { latestSerial, nextSerial, readSigned, takeSerial, withSerial } from './zone.ts';
import type { Zone } from './zones.ts';

/** A zone as it should be. */
export interface WantedZone extends Zone {
  /** Its file's text, but for the serial. */
  readonly text: string;
  readonly keys: readonly SigningKey[];
}

export const unsignedFile = (zone: string) => `${paths.zones}/${zone}.txt`;

/** Gives those that could not be built, and why: the old version of each goes on. */
export async function buildZones(
  box: Box,
  image: Image,
  zones: readonly WantedZone[],
): Promise<Map<WantedZone, Failure>> {
  const failures = new Map<WantedZone, Failure>();
  const queue = zones.values();
  const work = async (number: number) => {
    const signer = await makeSigner(box.machine, image, `${paths.dnsWork}/${number}`);
    // One iterator for all: each takes the next that nobody has taken.
    for (const zone of queue) {
      try {
        await build(box, signer, zone);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failures.set(zone, error);
      }
    }
  };
  const many = Math.min(cpus().length, zones.length);
  const ended = await Promise.allSettled(Array.from({ length: many }, (_, i) => work(i)));
  // Not before all of them have ended: whoever is told may let others at the zones.
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return new Map(
    zones.flatMap((zone) => {
      const failure = failures.get(zone);
      return failure === undefined ? [] : [[zone, failure] as const];
    }),
  );
}

/** The signed file first: a text without its signatures would be taken for built. */
async function build({ machine, now }: Box, signer: Signer, { name, text, keys }: WantedZone): Promise<void> {
  const before = [
    takeSerial((await machine.read(unsignedFile(name))) ?? ''),
    readSigned((await machine.read(signedFile(name))) ?? ''),
  ];
  const seen = before.flatMap((zone) => (zone === undefined ? [] : [zone.serial]));
  const numbered = withSerial(text, nextSerial(latestSerial(seen), now()));
  const signed = await signer.sign({ name, text: numbered, keys }, now());
  await machine.put({ path: signedFile(name), mode: 0o644, text: signed });
  await machine.put({ path: unsignedFile(name), mode: 0o644, text: numbered });
}
