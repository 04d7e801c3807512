/** A TCP connect scan from inside a network namespace. */
import { fileURLToPath } from 'node:url';
import { output } from '../../rig/program.ts';
import type { Namespace } from './namespace.ts';

const scanner = fileURLToPath(new URL('scan-ports.py', import.meta.url));

/** Connections of one scanner: many at a time are many open files, and of these a test machine may allow no more than 16,384. */
const atOnce = 16_000;

/** Every TCP port of the host, up to `last`, that takes a connection. */
export async function openTcpPorts(from: Namespace, host: string, last = 65_535): Promise<number[]> {
  const ranges = Array.from({ length: Math.ceil(last / atOnce) }, (_, i) => [
    i * atOnce + 1,
    Math.min(last, (i + 1) * atOnce),
  ]);
  const found = await Promise.all(
    ranges.map(async (range) => {
      const limit = ['prlimit', '--nofile=16384'];
      const argv = [...from.prefix, ...limit, 'python3', scanner, host, ...range.map(String)];
      return JSON.parse(await output(argv)) as number[];
    }),
  );
  return found.flat();
}
