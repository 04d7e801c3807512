/** Asks the box's API as its own page: by the session's cookie, and with the header that keeps browsers from prompting. */
import type { Answers } from '../contract/api.ts';
import { filled, words } from './words/spoken.ts';

/** What is said to people: in the panel's own words, and behind them what the API says, which is English. */
export interface Spoken {
  readonly text: string;
  readonly told?: string;
}

/** What the API says of a request that it does not do, in its own words, and what the panel says before them. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly told: string,
    readonly text = '',
  ) {
    super(`${text} ${told}`.trim());
  }
}

/** An error of the panel's own, which belongs to one field of a form. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
  constructor(
    message: string,
    readonly field: string,
  ) {
    super(message);
  }
}

export interface Asking {
  readonly form?: Readonly<Record<string, string>>;
  /** The whole body, in the place of a form. */
  readonly body?: string | Blob;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens when the box no longer knows who asks; the page's frame sets it. */
export const session = { ended: (_why: Spoken) => {} };

/** @throws Refused; Error, where the box can't be reached or says nothing */
export async function ask(request: string, { form, body, headers }: Asking = {}): Promise<string> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const answer = await fetch(`/admin${path}`, {
    method,
    headers: { 'x-requested-with': 'XMLHttpRequest', accept: 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: body ?? new URLSearchParams(form ?? {}) }),
  }).catch(() => {
    throw new Error(words().frame.unreachable);
  });
  const text = await answer.text();
  if (answer.ok) return text;
  const told = reasonIn(text);
  const refused =
    told === '' ? new Error(filled(words().frame.answered, { status: answer.status })) : new Refused(told);
  const strange = answer.status === 401 || (answer.status === 403 && text.startsWith('{'));
  if (strange) session.ended(spokenOf(refused));
  throw refused;
}

/** A route that answers as JSON, with a query or without. */
type Request = keyof Answers | `${keyof Answers}?${string}`;
type Answer<R extends Request> = Answers[R extends `${infer Name extends keyof Answers}?${string}`
  ? Name
  : R & keyof Answers];

export async function askJson<R extends Request>(request: R, asking?: Asking): Promise<Answer<R>> {
  return JSON.parse(await ask(request, asking)) as Answer<R>;
}

export const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const spokenOf = (error: unknown): Spoken =>
  error instanceof Refused ? { text: error.text, told: error.told } : { text: reasonOf(error) };

function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { reason: string }).reason;
  } catch {
    // nginx answers with pages of its own where the box does not.
    return text.startsWith('<') ? '' : text.trim();
  }
}
