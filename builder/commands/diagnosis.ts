/** What the facts of a build host come to: what is right, what is slow or only for tests, and what is lacking, with its remedy. */
import { isAtLeast } from '../../releases/version.ts';
import { GiB } from '../config/values.ts';
import type { Acceleration } from '../vm/qemu.ts';

/** A machine as it was found. What is undefined was found to be right, but for packages. */
export interface HostFacts {
  readonly node: { readonly found: string; readonly wanted: string };
  /** Absent where no dpkg is there to ask. */
  readonly missing?: readonly string[] | undefined;
  /** The same for the tests; absent outside of a clone too. */
  readonly missingForTests?: readonly string[] | undefined;
  /** What the bake itself refuses, as rule and remedy. */
  readonly sources?: string | undefined;
  readonly user?: string | undefined;
  readonly namespaces?: string | undefined;
  /** The file that the config names, and what the bake says against it. */
  readonly signingKey?: { readonly file: string; readonly refused: string | undefined };
  readonly acceleration: Acceleration;
  /** Bytes that are free, and that are wanted. */
  readonly disk: { readonly folder: string; readonly free: number; readonly wanted: number };
  readonly memory: { readonly free: number; readonly wanted: number };
  /** The command that installs what a list names. */
  readonly installs: (list: 'demo' | 'test') => string;
}

export interface Finding {
  readonly about: string;
  /** What it is needed for. */
  readonly for: readonly ('check' | 'bake' | 'boot' | 'tests')[];
  /** `note`: it works all the same. */
  readonly state: 'ok' | 'note' | 'lacking';
  readonly says: string;
  /** The command that mends it, or what else does. */
  readonly mend?: string;
}

export function diagnosis(facts: HostFacts): Finding[] {
  const { node, acceleration, disk, memory } = facts;
  return [
    isAtLeast(node.found, node.wanted)
      ? ok('Node.js', ['check', 'bake', 'boot'], node.found)
      : lacking('Node.js', ['check', 'bake', 'boot'], `is ${node.found}`, `install ${node.wanted} or newer`),
    ...packages(facts),
    refused('apt sources', ['bake'], facts.sources),
    refused('ids of a user', ['bake'], facts.user),
    refused('namespaces', ['bake'], facts.namespaces),
    ...signingKey(facts),
    enough('disk', ['bake', 'boot'], disk, `free some in ${disk.folder}: du -xhd1 ${disk.folder}`),
    enough('memory', ['boot'], memory, 'set a smaller boot.memory in box.yaml, or end other programs'),
    acceleration.notice === undefined
      ? ok('KVM', ['boot'], 'is used')
      : {
          about: 'KVM',
          for: ['boot'],
          state: 'note',
          says: acceleration.notice,
          ...(acceleration.mend === undefined ? {} : { mend: acceleration.mend }),
        },
  ];
}

export const isFit = (findings: readonly Finding[]) => findings.every(({ state }) => state !== 'lacking');

function packages({ missing, missingForTests, installs }: HostFacts): Finding[] {
  const needed = ['bake', 'boot'] as const;
  if (missing === undefined)
    return [
      lacking('packages', needed, 'no dpkg is here to ask', 'bake on Debian 12, or in a container of it'),
    ];
  const own =
    missing.length === 0
      ? ok('packages', needed, 'all of host/demo.txt')
      : lacking('packages', needed, `not installed: ${missing.join(' ')}`, installs('demo'));
  if (missingForTests === undefined || missingForTests.length === 0) return [own];
  const says = `not installed: ${missingForTests.join(' ')}`;
  return [own, { about: 'packages', for: ['tests'], state: 'note', says, mend: installs('test') }];
}

function refused(about: string, needed: Finding['for'], refusal: string | undefined): Finding {
  if (refusal === undefined) return ok(about, needed, 'as the bake wants them');
  const [says = '', ...mend] = refusal.split('; ');
  return lacking(about, needed, says, mend.join('; '));
}

function signingKey({ signingKey: key }: HostFacts): Finding[] {
  if (key === undefined) return [];
  const about = 'signing key';
  if (key.refused === undefined)
    return [ok(about, ['bake'], `${key.file}, read; its password was not asked for`)];
  return [refused(about, ['bake'], key.refused)];
}

function enough(
  about: string,
  needed: Finding['for'],
  { free, wanted }: { free: number; wanted: number },
  mend: string,
): Finding {
  const says = `${inGiB(free)} free, ${inGiB(wanted)} wanted`;
  return free >= wanted ? ok(about, needed, says) : lacking(about, needed, says, mend);
}

const inGiB = (bytes: number) => `${(bytes / GiB).toFixed(1)} GiB`;

const ok = (about: string, needed: Finding['for'], says: string): Finding => ({
  about,
  for: needed,
  state: 'ok',
  says,
});

const lacking = (about: string, needed: Finding['for'], says: string, mend: string): Finding => ({
  about,
  for: needed,
  state: 'lacking',
  says,
  ...(mend === '' ? {} : { mend }),
});
