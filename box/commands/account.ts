/** `box account`: the people who have mail on this box. */
import {
  changeAdmin,
  changePassword,
  changeQuota,
  createAccount,
  deleteAccount,
  known,
  refuseTaken,
} from '../accounts/accounts.ts';
import { turnOffCodes } from '../accounts/second-factor.ts';
import { accountAddress } from '../mail/address.ts';
import { quotaOf } from '../mail/quota.ts';
import { isAdmin } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';
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
    // Before anybody types a password in vain.
    refuseTaken(await readMailData(call.machine), email, admin);
    await createAccount(call.machine, { email, password: await call.askPassword(), admin }, call.now);
    call.say(`${email} is added${admin ? ' as admin' : ''}`);
    return 0;
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
  async run(call) {
    const email = addressOf(call);
    await deleteAccount(call.machine, email, call.now);
    call.say(`${email} is removed; its mail is still on the disk`);
    return 0;
  },
};

const password: Command = {
  name: 'account password',
  operands: ['EMAIL'],
  summary: 'change a password; the new one is asked for, or read as one line of standard input',
  ...noOptions,
  async run(call) {
    const email = addressOf(call);
    known(await readMailData(call.machine), email);
    await changePassword(call.machine, email, await call.askPassword());
    call.say(`the password of ${email} is changed`);
    return 0;
  },
};

const quota: Command = {
  name: 'account quota',
  operands: ['EMAIL', 'SIZE'],
  summary: 'limit how much mail an account keeps: bytes, or such as 500M or 2G; 0 for no limit',
  ...noOptions,
  async run(call) {
    const email = addressOf(call);
    const size = await changeQuota(call.machine, email, quotaOf(call.operands[1] ?? ''));
    call.say(size === '0' ? `${email} has no quota` : `the quota of ${email} is ${size}`);
    return 0;
  },
};

const promote: Command = {
  name: 'account promote',
  operands: ['EMAIL'],
  summary: 'make an account an administrator',
  ...noOptions,
  async run(call) {
    const email = addressOf(call);
    await changeAdmin(call.machine, email, true);
    call.say(`${email} is an administrator`);
    return 0;
  },
};

const demote: Command = {
  name: 'account demote',
  operands: ['EMAIL'],
  summary: 'make an administrator an account like others',
  ...noOptions,
  async run(call) {
    const email = addressOf(call);
    await changeAdmin(call.machine, email, false);
    call.say(`${email} is no administrator any more`);
    return 0;
  },
};

const noCodes: Command = {
  name: 'account codes-off',
  operands: ['EMAIL'],
  summary: 'take away the one-time codes and passkeys for the control panel: the phone is lost',
  ...noOptions,
  async run(call) {
    const email = addressOf(call);
    known(await readMailData(call.machine), email);
    await turnOffCodes(call.machine, email);
    call.say(`${email} logs in with its password alone`);
    return 0;
  },
};

export const accountCommands: readonly Command[] = [
  add,
  list,
  remove,
  password,
  quota,
  promote,
  demote,
  noCodes,
];

const addressOf = (call: Call) => accountAddress(call.operands[0] ?? '');
