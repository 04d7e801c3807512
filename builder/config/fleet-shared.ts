/** What no two boxes of a fleet may have in common: names, addresses, passwords. */
import { type Path, pathText } from './path.ts';
import type { Problem } from './problem.ts';
import type { Sheet } from './yaml.ts';

export interface Member {
  /** In the fleet's list. */
  readonly index: number;
  /** As the fleet has it. */
  readonly value: Readonly<Record<string, unknown>>;
  /** With what the base says beside it. */
  readonly merged: unknown;
}

interface Sole {
  readonly path: Path;
  /** Of the fleet's own keys, not of box.yaml's. */
  readonly outside?: true;
  /** Undefined: it may well be another's too. */
  readonly what: (value: string) => string | undefined;
  readonly rule: string;
  readonly remedy: string;
}

const itself = (value: string) => value;

const sole: readonly Sole[] = [
  {
    path: ['name'],
    outside: true,
    what: itself,
    rule: 'names the folder, the server and the volume of one box',
    remedy: 'give each a name of its own',
  },
  {
    path: ['box', 'hostname'],
    what: itself,
    rule: 'is the name of one box in the DNS',
    remedy: 'give each a name of its own',
  },
  {
    path: ['box', 'admin', 'email'],
    what: (value) => value.slice(value.indexOf('@') + 1),
    rule: 'is at a domain that one box has the mail of',
    remedy: 'give each an address at a domain of its own, for example at its hostname',
  },
  {
    path: ['box', 'admin', 'passwordHash'],
    what: itself,
    rule: 'is the password of one box',
    remedy: 'give each a hash of its own (letterbox password), and none to the base',
  },
  {
    path: ['box', 'publicIpv4'],
    what: itself,
    rule: 'is the address of one box',
    remedy: 'give each its own address',
  },
  {
    path: ['box', 'publicIpv6'],
    what: itself,
    rule: 'is the address of one box',
    remedy: 'give each its own address',
  },
  {
    path: ['box', 'restore', 'from'],
    what: (value) => (value === 'local' ? undefined : value),
    rule: 'is the state of one box: its keys, names and mail',
    remedy: 'give each a backup of its own',
  },
];

/** Told at the later of the two; the value itself is never repeated, since it may be a secret. */
export function sharedByTwo(members: readonly Member[], sheet: Sheet): Problem[] {
  return sole.flatMap(({ path, outside, what, rule, remedy }) => {
    const first = new Map<string, number>();
    return members.flatMap(({ index, value, merged }) => {
      const found = valueAt(outside ? value : merged, path);
      const known = typeof found === 'string' ? what(found) : undefined;
      if (known === undefined) return [];
      const earlier = first.get(known);
      if (earlier === undefined) {
        first.set(known, index);
        return [];
      }
      const there = ['boxes', index, ...path];
      const other = pathText(['boxes', earlier]);
      return [
        {
          place: sheet.placeOf(there),
          key: pathText(there),
          rule: `${rule}, and ${other} has it too`,
          remedy,
        },
      ];
    });
  });
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value);
