/** `/run/box/ready.json`: how far this boot has come, for programs. */
import type { Machine } from './machine.ts';
import { paths } from './paths.ts';

export interface StepRecord {
  readonly title: string;
  /** `done`: found in place. `ran`: put in place at this boot. `failed`: not done, and mail does without it. */
  readonly result: 'done' | 'ran' | 'failed';
  readonly seconds: number;
  /** Of a step that failed: why, and what to do. */
  readonly error?: string;
  readonly hint?: string;
}

export interface Report {
  /** `init`: under way. `initialised`: state is in place, services may start. `ready`: open to the network. */
  readonly stage: 'init' | 'initialised' | 'ready' | 'failed';
  /** `box init` has succeeded at this boot: the services may start, and `box ready` may open the fence. */
  readonly initialised: boolean;
  /** The network may reach the public ports. */
  readonly fenceOpen: boolean;
  readonly bootId: string;
  readonly startedAt: string;
  /** Seconds of the kernel's clock at the start, which no time correction moves. */
  readonly startedClock: number;
  readonly finishedAt?: string;
  /** From the start of `box init` to the end of this stage. */
  readonly seconds?: number;
  readonly hostname?: string;
  /** What a long step is at, while it is. */
  readonly doing?: string | undefined;
  readonly steps: readonly StepRecord[];
  /** SHA-256 of the certificate in the form browsers show: pairs of hexadecimal digits and colons. */
  readonly certificateSha256?: string;
  /** `SHA256:... (ED25519)`, as `ssh-keygen -lf` prints it. */
  readonly sshHostKeys?: readonly string[];
  /** No server elsewhere takes mail from here: how that shows, and what to do. Looked for once the box is ready. */
  readonly mailOut?: { readonly error: string; readonly hint: string };
  /** Where it failed: the title of a step, or the name of a service. */
  readonly step?: string;
  readonly error?: string;
  readonly hint?: string;
}

/** The steps that could not be done, and that mail does without. */
export const undone = ({ steps }: Report) => steps.filter(({ result }) => result === 'failed');

/** Seconds of the kernel's monotonic clock: the same for every process of one boot. */
export function kernelClock(): number {
  return Number(process.hrtime.bigint() / 1_000_000n) / 1000;
}

export function secondsSince(clock: number): number {
  return Math.round((kernelClock() - clock) * 10) / 10;
}

export async function startReport(machine: Machine, now: Date): Promise<Report> {
  const bootId = ((await machine.read(paths.bootId)) ?? '').trim();
  return {
    stage: 'init',
    initialised: false,
    fenceOpen: false,
    bootId,
    startedAt: now.toISOString(),
    startedClock: kernelClock(),
    steps: [],
  };
}

export async function writeReport(machine: Machine, report: Report): Promise<void> {
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.put({ path: paths.ready, mode: 0o644, text: `${JSON.stringify(report, null, 2)}\n` });
}

/** The report of this boot, if `box init` has begun. */
export async function readReport(machine: Machine): Promise<Report | undefined> {
  const text = await machine.read(paths.ready);
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}

/** As `box init` found it: a unit that is kept apart may see another one, where the machine is a container. */
export async function bootId(machine: Machine): Promise<string> {
  return (await readReport(machine))?.bootId ?? '';
}
