/** Whether an authority that this box trusts stands behind a certificate. */
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

/** @param file a certificate (PEM) with the ones between it and its authority after it (openssl-verify(1)) */
export function isTrusted(machine: Machine, file: string): Promise<boolean> {
  const [authorities, chain] = [machine.at(paths.authorities), machine.at(file)];
  return machine.succeeds(['openssl', 'verify', '-CAfile', authorities, '-untrusted', chain, chain]);
}
