/** The MTA-STS policy (RFC 8461): mail servers without DANE are to encrypt, and to this box's name only. Pure. */
import { createHash } from 'node:crypto';
import type { File } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

const week = 7 * 86_400;

export function policyFile(hostname: string): File {
  const text = `version: STSv1\nmode: enforce\nmx: ${hostname}\nmax_age: ${week}\n`;
  return { path: paths.mtaStsPolicy, mode: 0o644, text };
}

/** Changes when the policy does. */
export function policyId(hostname: string): string {
  return createHash('sha256').update(policyFile(hostname).text).digest('hex').slice(0, 20);
}
