/** What testssl.sh finds on a port, from its JSON. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { outcome } from '../boot/program.ts';
import type { TlsPort } from './tls-port.ts';

export interface Finding {
  readonly id: string;
  /** OK, INFO, LOW, MEDIUM, HIGH, CRITICAL; WARN and FATAL where it could not look. */
  readonly severity: string;
  readonly finding: string;
}

/** Runs the checks that `flags` name. Nothing is looked up or fetched: the lab's names and addresses are given. */
export async function testssl(
  { port, host, prefix, starttls }: TlsPort,
  folder: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finding[]> {
  const file = path.join(folder, `testssl-${port}-${flags.join('')}.json`);
  rmSync(file, { force: true });
  const argv = [
    ...prefix,
    ...['testssl', '--quiet', '--color', '0', '--warnings', 'off', '--nodns', 'none', '--ip', host],
    // A server that keeps silent must not hold the run up.
    ...['--connect-timeout', '20', '--openssl-timeout', '20', '--jsonfile', file],
    ...(starttls === undefined ? [] : ['--starttls', starttls]),
    ...flags,
    `box.example.com:${port}`,
  ];
  const { code, stdout, stderr } = await outcome(argv, { seconds: 400, env });
  let findings: Finding[];
  try {
    findings = JSON.parse(readFileSync(file, 'utf8')) as Finding[];
  } catch (cause) {
    throw new Error(`${argv.join(' ')} exited ${code}:\n${stdout}\n${stderr}`, { cause });
  }
  return findings;
}
