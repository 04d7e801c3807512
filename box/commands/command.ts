/** A command of the box program: its words, its help, and what it does. */
import type { ParseArgsConfig } from 'node:util';
import type { Machine } from '../machine/machine.ts';

/** What a command gets from its caller. */
export interface Call {
  readonly machine: Machine;
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly say: (line: string) => void;
  readonly now: () => Date;
  /** A new password, from the terminal without echo or as one line of standard input. */
  readonly askPassword: () => Promise<string>;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  /** The same as bytes; undefined where there are more than these. */
  readonly readBytes: (most: number) => Promise<Buffer | undefined>;
}

export interface Command {
  /** For example `account add`. */
  readonly name: string;
  /** The operands as help shows them; each must be given. */
  readonly operands: readonly string[];
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** What each option is for. */
  readonly optionHelp: Readonly<Record<string, string>>;
  /** Gives the exit code. */
  readonly run: (call: Call) => Promise<number>;
}

/** A wrong command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
