/** `box token`: keys for programs, each of which may do one thing at the control panel's API. */
import { createToken, listTokens, revokeToken } from '../accounts/tokens.ts';
import { accountAddress } from '../mail/address.ts';
import type { Command } from './command.ts';

const add: Command = {
  name: 'token add',
  operands: ['EMAIL', 'SCOPE[,SCOPE...]'],
  summary: 'make a token for a program of this administrator; a SCOPE is acme:DOMAIN, address:NAME or status',
  options: { label: { type: 'string' }, days: { type: 'string' } },
  optionHelp: { label: 'what it is for', days: 'how many days it lives; else until it is removed' },
  async run({ machine, operands: [email = '', scopes = ''], options, say, now }) {
    const { label = 'made by box token add', days = '' } = options;
    const wish = { owner: accountAddress(email), label: String(label), scopes, days: String(days) };
    const { key, token } = await createToken(machine, wish, now().getTime());
    say(key);
    say(`It is shown this once: it is the password of ${token.owner} for this alone. Its id is ${token.id}.`);
    return 0;
  },
};

const list: Command = {
  name: 'token list',
  operands: [],
  summary: 'list the tokens in force',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {id, owner, label, scopes, created, expires}' },
  async run({ machine, options, say, now }) {
    const tokens = await listTokens(machine, now().getTime());
    if (options.json === true) say(JSON.stringify(tokens, null, 2));
    else
      for (const { id, owner, label, scopes, expires } of tokens) {
        const end = expires === null ? '' : ` until ${expires.slice(0, 10)}`;
        say(`${id} ${owner} ${scopes.join(',')}${end} (${label})`);
      }
    return 0;
  },
};

const remove: Command = {
  name: 'token remove',
  operands: ['ID'],
  summary: 'revoke a token',
  options: {},
  optionHelp: {},
  async run({ machine, operands: [id = ''], say }) {
    await revokeToken(machine, id);
    say(`token ${id} is revoked`);
    return 0;
  },
};

export const tokenCommands: readonly Command[] = [add, list, remove];
