/**
 * A route of the HTTP API: how it is asked, who may, what it takes, what it does. One table of them serves all: the web
 * process finds the route, the keeper checks and runs it, and `openapi.ts` describes it.
 */
import type * as z from 'zod';
import type { Answers } from '../../contract/api.ts';
import type { Credentials, Doorkeeper, Who } from '../accounts/log-in/door.ts';
import type { Machine } from '../machine/machine.ts';

export interface Call {
  readonly machine: Machine;
  readonly door: Doorkeeper;
  /** Absent where anyone may ask. */
  readonly who?: Who;
  readonly credentials?: Credentials;
  /** The address that the request came from. */
  readonly from: string;
}
export type Answer<Body = unknown> =
  | { readonly type: 'text'; readonly body: string }
  /** `session`: a session to be kept by the browser, or to be forgotten (an empty key). */
  | { readonly type: 'json'; readonly body: Body; readonly session?: string };

export type May = 'anyone' | 'user' | 'admin';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/admin`; `{name}` stands for one segment, which becomes a parameter. */
  readonly path: string;
  readonly may: May;
  readonly summary: string;
  readonly params: z.ZodObject;
  /** The whole body is this parameter; else it is a form. */
  readonly bodyParam?: string;
  /** The body stays in a file of nginx's, and that parameter is the file's path: for what is too long to pass on. */
  readonly upload?: true;
  /** What it answers with, for the description. */
  readonly answers: string;
  readonly run: (call: Call, params: never) => Promise<Answer>;
}

/** What a route may answer as JSON, which is what the contract says of it; without a word there, nothing. */
type Promised<Name extends string> = Name extends keyof Answers ? Answers[Name] : never;

/** Writes a route down with its parameters and its answer typed. */
export function route<Method extends Route['method'], Path extends string, P extends z.ZodObject>(
  it: Omit<Route, 'method' | 'path' | 'params' | 'run'> & {
    readonly method: Method;
    readonly path: Path;
    readonly params: P;
    readonly run: (call: Call, params: z.output<P>) => Promise<Answer<Promised<`${Method} ${Path}`>>>;
  },
): Route {
  return it as unknown as Route;
}

export const routeName = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`;

export const text = (body: string): Answer<never> => ({ type: 'text', body });
export const json = <const Body>(body: Body): Answer<Body> => ({ type: 'json', body });
/** One a line, each line ended. */
export const lines = (all: readonly string[]): Answer<never> => text(all.map((line) => `${line}\n`).join(''));

/** What was done, and the zones that changed by it. */
export function done(what: string, zones: readonly string[]): Answer<never> {
  return text(`${what}\n${zones.length === 0 ? '' : `updated DNS: ${zones.join(',')}\n`}`);
}
