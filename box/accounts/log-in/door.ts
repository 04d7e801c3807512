/** Who asks, with what, and what the door knows of it. */
import type { Machine } from '../../machine/machine.ts';
import type { LogIn } from '../../mail/log-in.ts';
import type { Attempts } from './attempts.ts';
import type { Challenges } from './challenges.ts';
import type { Scope } from './scopes.ts';
import type { Sessions } from './sessions.ts';

/** What came with a request. */
export interface Credentials {
  readonly user: string;
  readonly secret: string;
  /** The one-time code. */
  readonly code?: string | undefined;
}

export interface Who {
  readonly login: LogIn;
  readonly by: 'password' | 'session' | 'api key' | 'token' | 'passkey';
  /** What a token may, and nothing else. Absent: whatever the account may. */
  readonly scopes?: readonly Scope[];
  /** Which token, for the log. */
  readonly token?: string;
}

export interface Doorkeeper {
  readonly machine: Machine;
  readonly secret: string;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly now: () => number;
  readonly log: (line: string) => void;
}
