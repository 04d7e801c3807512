/** Answers one question of the web process: is it one of the list, who asks, may they, is it well formed; then does it. */
import type { Doorkeeper, Who } from '../../accounts/log-in/door.ts';
import { identify } from '../../accounts/log-in/identity.ts';
import { Refusal } from '../../accounts/log-in/refusal.ts';
import { askableByToken, mayAsk } from '../../accounts/log-in/scopes.ts';
import { Failure } from '../../machine/failure.ts';
import { type Answer, type Call, type Route, routeName } from '../route.ts';
import { routes } from '../routes/index.ts';
import { type Question, questionSchema, type Reply } from './protocol.ts';

const byName: ReadonlyMap<string, Route> = new Map(routes.map((route) => [routeName(route), route]));

/** Trusts nothing of what the web process says but the client's address. */
export async function answer(door: Doorkeeper, line: string): Promise<Reply> {
  try {
    return await run(door, parse(line));
  } catch (error) {
    if (error instanceof Refusal) {
      const { kind, message, retryAfter } = error;
      return { refused: kind, reason: message, ...(retryAfter === undefined ? {} : { retryAfter }) };
    }
    if (error instanceof Failure)
      return { refused: 'bad-request', reason: `${error.message} (${error.hint})` };
    door.log(`a fault, please report it: ${error instanceof Error ? error.stack : error}`);
    return { refused: 'fault', reason: 'The box could not do it; its log says why.' };
  }
}

function parse(line: string): Question {
  try {
    return questionSchema.parse(JSON.parse(line));
  } catch {
    // Neither error is quoted: the question holds a password.
    throw new Refusal('bad-request', 'The question is not of the keeper’s form.');
  }
}

async function run(door: Doorkeeper, question: Question): Promise<Answer> {
  const route = byName.get(question.route);
  if (route === undefined) throw new Refusal('bad-request', 'There is no such request.');
  const who = route.may === 'anyone' ? undefined : await admit(door, route, question);
  const params = route.params.safeParse(question.params);
  if (!params.success) {
    const [issue] = params.error.issues;
    throw new Refusal('bad-request', `${issue?.path.join('.')} ${issue?.message}`);
  }
  if (who?.scopes !== undefined && !mayAsk(who.scopes, question.route, params.data as Record<string, string>))
    throw beyondScope();
  const { credentials, from } = question;
  const call: Call = {
    machine: door.machine,
    door,
    from,
    ...(who === undefined ? {} : { who }),
    ...(credentials === undefined ? {} : { credentials: plain(credentials) }),
  };
  const made = await route.run(call, params.data as never);
  if (route.method !== 'GET' && who !== undefined)
    door.log(
      `${who.login.email}${who.token === undefined ? '' : ` (token ${who.token})`} from ${from}: ${question.route}`,
    );
  return made;
}

async function admit(door: Doorkeeper, route: Route, { credentials, from }: Question): Promise<Who> {
  if (credentials === undefined) throw new Refusal('unauthenticated', 'No authorization header provided.');
  const who = await identify(door, plain(credentials), from);
  if (route.may === 'admin' && !who.login.privileges.includes('admin'))
    throw new Refusal('forbidden', 'You are not an administrator.');
  if (who.scopes !== undefined && !askableByToken.includes(routeName(route))) throw beyondScope();
  return who;
}

const beyondScope = () => new Refusal('forbidden', 'This token may not do that.');

const plain = ({ user, secret, code }: NonNullable<Question['credentials']>) => ({
  user,
  secret,
  ...(code === undefined ? {} : { code }),
});
