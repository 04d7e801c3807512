/** What testssl.sh finds on a port, from its JSON. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { outcome } from '../../rig/program.ts';
import type { TlsPort } from './tls-port.ts';

export interface Finding {
  readonly id: string;
  /** OK, INFO, LOW, MEDIUM, HIGH, CRITICAL; WARN and FATAL where it could not look; DEBUG about itself. */
  readonly severity: string;
  readonly finding: string;
}

/** Runs the checks that `flags` name. Nothing is looked up or fetched: name and address are given. */
export async function testssl(
  { port, host, prefix, starttls }: TlsPort,
  folder: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finding[]> {
  const file = path.join(folder, `testssl-${port}${flags.join('')}.json`);
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
  const { code, stdout, stderr } = await outcome(argv, { seconds: 1200, env });
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Finding[];
  } catch (cause) {
    throw new Error(`${argv.join(' ')} exited ${code}:\n${stdout}\n${stderr}`, { cause });
  }
}

/** Where Debian's package keeps what testssl.sh knows. */
const data = '/etc/testssl';

/**
 * Plays the recorded first words (ClientHello) of these clients and gives what each agrees on with the server. They are
 * testssl.sh's own recordings, of which it would play only today's clients, or all of them in minutes.
 */
export async function simulateClients(
  port: TlsPort,
  folder: string,
  clients: readonly string[],
): Promise<Record<string, string>> {
  const chosen = path.join(folder, 'testssl-clients');
  mkdirSync(chosen, { recursive: true });
  const recordings = 'client-simulation.txt';
  for (const name of readdirSync(data).filter((name) => name !== recordings))
    symlinkSync(path.join(data, name), path.join(chosen, name));
  const [head = '', ...records] = readFileSync(path.join(data, recordings), 'utf8').split(/(?=names\+=)/);
  const ids: Record<string, string> = {};
  const marked = records.map((record) => {
    const name = /^names\+=\("([^"]*)"\)/.exec(record)?.[1] ?? '';
    if (clients.includes(name)) ids[name] = /short\+=\("([^"]*)"\)/.exec(record)?.[1] ?? '';
    return record.replace(/current\+=\(\w+\)/, `current+=(${clients.includes(name)})`);
  });
  writeFileSync(path.join(chosen, recordings), [head, ...marked].join(''));
  const findings = await testssl(port, folder, ['-c'], { TESTSSL_INSTALL_DIR: chosen });
  return Object.fromEntries(
    clients.map((name) => {
      const id = `clientsimulation-${ids[name]}`;
      return [name, findings.find((each) => each.id === id)?.finding ?? 'was not played'];
    }),
  );
}
