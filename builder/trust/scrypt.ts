/** How a password becomes the mask over a secret key: scrypt, with its costs as libsodium's limits tell them. */
import { scrypt } from 'node:crypto';
import { KeyError } from '../../contract/trust/key-error.ts';

/** libsodium's two limits, which the file of a key names. */
export interface Limits {
  readonly operations: bigint;
  /** Bytes. */
  readonly memory: bigint;
}

/** A quarter of minisign's own: a bake has to open the key on machines with little memory, too. */
export const usualLimits: Limits = { operations: 2n ** 23n, memory: 2n ** 28n };

/** What a file may ask for: four times minisign's own. */
const most: Limits = { operations: 2n ** 27n, memory: 2n ** 32n };

/** @throws KeyError where this machine can't */
export async function derived(
  password: string,
  { salt, limits }: { readonly salt: Uint8Array; readonly limits: Limits },
  length: number,
): Promise<Buffer> {
  if (limits.operations > most.operations || limits.memory > most.memory)
    throw new KeyError(
      'wants more memory or time for its password than minisign ever asks for',
      'the file is damaged: bring it back from a copy',
    );
  const costs = costsOf(limits);
  const memory = 128 * costs.r * (costs.N + costs.p + 2);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { ...costs, maxmem: memory + 1024 * 1024 }, (error, mask) => {
      if (error === null) resolve(mask);
      else
        reject(
          new KeyError(
            `wants ${Math.ceil(memory / 1024 ** 2)} MiB of memory for its password`,
            'free as much, or make a key that wants less: letterbox key',
          ),
        );
    });
  });
}

/** libsodium's pickparams: N and p for two limits, r being always 8. */
export function costsOf({ operations, memory }: Limits): { N: number; r: 8; p: number } {
  const r = 8;
  const asked = Math.max(Number(operations), 32_768);
  const bound = asked < Number(memory) / 32;
  const mostN = bound ? asked / (r * 4) : Number(memory) / (r * 128);
  let log = 1;
  while (log < 63 && 2 ** log <= mostN / 2) log += 1;
  const N = 2 ** log;
  const p = bound ? 1 : Math.floor(Math.min(asked / 4 / N, 0x3f_ff_ff_ff) / r);
  return { N, r, p: Math.max(p, 1) };
}
