/** The new key and its certificate take the place of the old ones, which come back if a daemon does not take them. */
import type { X509Certificate } from 'node:crypto';
import { type KeyChange, putKeyChange, readKeyChange, waitsUntil } from '../../keys/tls/change.ts';
import { serving, takeIntoService } from '../../keys/tls/daemons.ts';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { bootId } from '../../machine/report.ts';

/** @throws Failure as long as somebody may not know of the new key. */
export async function mayTakeOver(box: Box): Promise<KeyChange> {
  const change = await readKeyChange(box.machine);
  if (change?.phase !== 'introducing')
    throw new Failure('no key waits to take over', 'begin with: box tls new-key');
  const until = waitsUntil(change, box.now(), await bootId(box.machine));
  if (until === undefined)
    throw new Failure(
      'the world can’t see the next key’s TLSA records yet',
      'see: box status; box dns check',
    );
  if (until > box.now())
    throw new Failure(
      'the world may not know the next key’s TLSA records yet',
      `try again after ${until.toISOString()}`,
    );
  return change;
}

/** @param file of the certificate, which is written already */
export async function switchKeys(box: Box, certificate: X509Certificate, file: string): Promise<void> {
  const { machine } = box;
  const before = await mayTakeOver(box);
  const previous = await machine.linkTarget(paths.certificate);
  const { problem: _, ...change } = before;
  try {
    await takeIntoService(machine, certificate, {
      async change() {
        await putKeyChange(machine, {
          ...change,
          phase: 'switching',
          certificate: file,
          ...(previous === undefined ? {} : { previous }),
        });
        await finishSwitch(machine);
      },
      async back() {
        await restore(machine, previous);
        await putKeyChange(machine, change);
      },
    });
  } catch (error) {
    if (error instanceof Failure)
      await putKeyChange(machine, { ...change, problem: { text: error.message, remedy: error.hint } });
    throw error;
  }
  await retire(machine, box.now());
}

/** Puts both files in place; it may be cut off at any point and run again. Boot does so before any daemon starts. */
export async function finishSwitch(machine: Machine): Promise<void> {
  const change = await readKeyChange(machine);
  if (change?.phase !== 'switching' || change.certificate === undefined) return;
  const [next, present] = [await machine.read(paths.nextTlsKey), await machine.read(paths.tlsKey)];
  if (next === undefined) return;
  if (present !== undefined && present !== next)
    await machine.putChanged({ path: paths.previousTlsKey, mode: 0o600, text: present });
  await machine.putChanged({ path: paths.tlsKey, mode: 0o600, text: next });
  await serving(machine, change.certificate);
}

/** The old key is kept until its records are gone; the next is none any more. */
export async function retire(machine: Machine, now: Date): Promise<void> {
  const change = await readKeyChange(machine);
  if (change?.phase !== 'switching') return;
  const { certificate: _, previous: __, boot: ___, ...rest } = change;
  await putKeyChange(machine, { ...rest, phase: 'retiring', since: now.toISOString() });
  await machine.remove(paths.nextTlsKey);
}

async function restore(machine: Machine, previous: string | undefined): Promise<void> {
  const old = await machine.read(paths.previousTlsKey);
  if (old !== undefined) await machine.putChanged({ path: paths.tlsKey, mode: 0o600, text: old });
  if (previous !== undefined) await serving(machine, previous);
}
