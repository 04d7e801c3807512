/** The fingerprints by which the owner recognises the box at the first log-in. */
import { createHash } from 'node:crypto';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

/** `SHA256:... (ED25519)` for every ssh host key, as `ssh-keygen -lf` prints it. */
export async function sshHostKeys(machine: Machine): Promise<string[]> {
  const names = (await machine.list(paths.sshKeys)).filter((name) => /^ssh_host_.*_key\.pub$/.test(name));
  const lines = await Promise.all(names.map((name) => machine.read(`${paths.sshKeys}/${name}`)));
  return lines.flatMap((line) => sshFingerprint(line ?? '') ?? []);
}

/** The fingerprint of one public key line; undefined for anything else. */
export function sshFingerprint(line: string): string | undefined {
  const [type, blob] = line.split(' ');
  if (type === undefined || blob === undefined) return undefined;
  const kind = /^(?:ssh|ecdsa)-(ed25519|rsa|dss|sha2)/.exec(type)?.[1];
  if (kind === undefined) return undefined;
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '');
  const name = { ed25519: 'ED25519', rsa: 'RSA', dss: 'DSA', sha2: 'ECDSA' }[kind];
  return `SHA256:${digest} (${name})`;
}
