/** A TCP connect scan from inside a network namespace. */
import { fileURLToPath } from 'node:url';
import { output } from '../boot/program.ts';
import type { Namespace } from './namespace.ts';

const scanner = fileURLToPath(new URL('scan-ports.ts', import.meta.url));

/** Every TCP port of the host, up to `last`, that takes a connection. */
export async function openTcpPorts(from: Namespace, host: string, last = 65_535): Promise<number[]> {
  // Its many connections at a time are many open files.
  const argv = [
    ...from.prefix,
    'prlimit',
    '--nofile=16384',
    process.execPath,
    '--import',
    'tsx',
    scanner,
    host,
    '1',
    String(last),
  ];
  return JSON.parse(await output(argv, { seconds: 180 })) as number[];
}
