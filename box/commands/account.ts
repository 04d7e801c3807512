/** `box account`: the people who have mail on this box. */
import { Failure } from '../failure.ts';
import { readSettings } from '../init/settings-file.ts';
import { addAccount, readMailData, removeAccount, setPassword, setQuota } from '../mail/accounts.ts';
import { accountAddress, isReserved } from '../mail/address.ts';
import { refuseNewlyBroken } from '../mail/aliases.ts';
import { hashPassword } from '../mail/password.ts';
import { quotaOf } from '../mail/quota.ts';
import { isAdmin, type MailData } from '../mail/required-aliases.ts';
import { locked, settle } from './change.ts';
import type { Call, Command } from './command.ts';

const noOptions = { options: {}, optionHelp: {} } as const;
const passwordFrom = 'its password is asked for, or read as one line of standard input';

const add: Command = {
  name: 'account add',
  operands: ['EMAIL'],
  summary: `add an account; ${passwordFrom}`,
  options: { admin: { type: 'boolean' } },
  optionHelp: { admin: 'give it the privilege admin' },
  async run(call) {
    const email = addressOf(call);
    const admin = call.options.admin === true;
    refuseTaken(await readMailData(call.machine), email, admin);
    const password = await call.askPassword();
    return locked(call.machine, async () => {
      const stored = await hashPassword(call.machine, password);
      refuseTaken(await readMailData(call.machine), email, admin);
      await addAccount(call.machine, email, stored, admin);
      await settle(call.machine);
      call.say(`${email} is added${admin ? ' as admin' : ''}`);
    });
  },
};

const list: Command = {
  name: 'account list',
  operands: [],
  summary: 'list the accounts',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {email, admin, quota, locked}' },
  async run({ machine, options, say }) {
    const { users } = await readMailData(machine);
    const rows = users.map((u) => ({ email: u.email, admin: isAdmin(u), quota: u.quota, locked: u.locked }));
    if (options.json === true) say(JSON.stringify(rows, null, 2));
    else
      for (const { email, admin, quota, locked } of rows) {
        const room = quota === '0' ? '' : ` (quota ${quota})`;
        say(`${email}${admin ? ' (admin)' : ''}${room}${locked ? ' (no password)' : ''}`);
      }
    return 0;
  },
};

const remove: Command = {
  name: 'account remove',
  operands: ['EMAIL'],
  summary: 'remove an account; its mail stays on the disk',
  ...noOptions,
  run(call) {
    const email = addressOf(call);
    return locked(call.machine, async () => {
      const data = await readMailData(call.machine);
      const { users } = data;
      if (!users.some((user) => user.email === email)) throw unknown(email);
      const heir = users.find((user) => isAdmin(user) && user.email !== email);
      if (heir === undefined) {
        throw new Failure(`${email} is the only administrator`, 'first: box account add EMAIL --admin');
      }
      refuseNeeded((await readSettings(call.machine)).hostname, data, email);
      await removeAccount(call.machine, email, heir.email);
      await settle(call.machine);
      call.say(`${email} is removed; its mail is still on the disk`);
    });
  },
};

const password: Command = {
  name: 'account password',
  operands: ['EMAIL'],
  summary: 'change a password; the new one is asked for, or read as one line of standard input',
  ...noOptions,
  async run(call) {
    const email = addressOf(call);
    if (!(await readMailData(call.machine)).users.some((user) => user.email === email)) throw unknown(email);
    const text = await call.askPassword();
    return locked(call.machine, async () => {
      const stored = await hashPassword(call.machine, text);
      if (!(await setPassword(call.machine, email, stored))) throw unknown(email);
      call.say(`the password of ${email} is changed`);
    });
  },
};

const quota: Command = {
  name: 'account quota',
  operands: ['EMAIL', 'SIZE'],
  summary: 'limit how much mail an account keeps: bytes, or such as 500M or 2G; 0 for no limit',
  ...noOptions,
  run(call) {
    const email = addressOf(call);
    const size = quotaOf(call.operands[1] ?? '');
    return locked(call.machine, async () => {
      if (!(await readMailData(call.machine)).users.some((user) => user.email === email))
        throw unknown(email);
      await setQuota(call.machine, email, size);
      call.say(size === '0' ? `${email} has no quota` : `the quota of ${email} is ${size}`);
    });
  },
};

export const accountCommands: readonly Command[] = [add, list, remove, password, quota];

const addressOf = (call: Call) => accountAddress(call.operands[0] ?? '');
const unknown = (email: string) => new Failure(`there is no account ${email}`, 'see: box account list');

function refuseTaken({ users, aliases }: MailData, email: string, admin: boolean): void {
  if (users.some((user) => user.email === email)) {
    throw new Failure(
      `there is an account ${email} already`,
      `to change its password: box account password ${email}`,
    );
  }
  if (aliases.some((alias) => alias.source === email)) {
    throw new Failure(`${email} is an alias`, 'choose another address: the alias would take its mail');
  }
  if (isReserved(email) && users.length > 0 && !admin) {
    throw new Failure(
      `${email} could be used to take over the domain`,
      'add it with --admin, or choose another address',
    );
  }
}

/** An account that an alias leads to, or lets send, can't go before the alias does. */
function refuseNeeded(hostname: string, data: MailData, email: string): void {
  const users = data.users.filter((user) => user.email !== email);
  // What only the administrator's alias led to goes to the heir instead.
  const aliases = data.aliases.filter(
    ({ source, destination }) => !(source.startsWith('administrator@') && destination === email),
  );
  refuseNewlyBroken(hostname, { ...data, aliases }, { ...data, aliases, users });
  const lets = data.aliases.find(({ permittedSenders }) => permittedSenders?.split(',').includes(email));
  if (lets === undefined) return;
  throw new Failure(
    `${email} is a permitted sender of the alias ${lets.source}`,
    `first: box alias remove ${lets.source}, or give it other senders`,
  );
}
