/** Asks the box's API as its own page: by the session's cookie, and with the header that keeps browsers from prompting. */
import type { Answers } from '../contract/api.ts';

/** What the API says of a request that it does not do, in its own words. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    message: string,
    readonly status: number,
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
export const session = { ended: (_why: string) => {} };

/** @throws Refused, also where the box can't be reached */
export async function ask(request: string, { form, body, headers }: Asking = {}): Promise<string> {
  const [method = 'GET', path = '/'] = request.split(' ');
  const answer = await fetch(`/admin${path}`, {
    method,
    headers: { 'x-requested-with': 'XMLHttpRequest', accept: 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: body ?? new URLSearchParams(form ?? {}) }),
  }).catch(() => {
    throw new Refused('The box can’t be reached. Are you online, and is it running?', 0);
  });
  const text = await answer.text();
  if (answer.ok) return text;
  const why = reasonIn(text) || `The box answered ${answer.status}.`;
  const strange = answer.status === 401 || (answer.status === 403 && text.startsWith('{'));
  if (strange) session.ended(why);
  throw new Refused(why, answer.status);
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

function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { reason: string }).reason;
  } catch {
    // nginx answers with pages of its own where the box does not.
    return text.startsWith('<') ? '' : text.trim();
  }
}
