/** `box account`: the people who have mail on this box. */
import { updateZones } from '../dns/publish.ts';
import { Failure } from '../failure.ts';
import { refreshServices } from '../init/services.ts';
import { readImage, readSettings } from '../init/settings-file.ts';
import type { Machine } from '../machine.ts';
import {
  addAccount,
  putRequiredAliases,
  readMailData,
  removeAccount,
  setPassword,
} from '../mail/accounts.ts';
import { accountAddress, isReserved } from '../mail/address.ts';
import { currentTables } from '../mail/dkim.ts';
import { hashPassword } from '../mail/password.ts';
import { isAdmin, type MailData } from '../mail/required-aliases.ts';
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
      for (const { email, admin, locked } of rows)
        say(`${email}${admin ? ' (admin)' : ''}${locked ? ' (no password)' : ''}`);
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
      const { users } = await readMailData(call.machine);
      if (!users.some((user) => user.email === email)) throw unknown(email);
      const heir = users.find((user) => isAdmin(user) && user.email !== email);
      if (heir === undefined) {
        throw new Failure(`${email} is the only administrator`, 'first: box account add EMAIL --admin');
      }
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

export const accountCommands: readonly Command[] = [add, list, remove, password];

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

async function locked(machine: Machine, work: () => Promise<void>): Promise<number> {
  const unlock = await machine.lock();
  try {
    await work();
    return 0;
  } finally {
    await unlock();
  }
}

/** What follows from the accounts: required aliases, and the domains that OpenDKIM signs for. */
async function settle(machine: Machine): Promise<void> {
  const { hostname } = await readSettings(machine);
  await putRequiredAliases(machine, hostname);
  let changed = false;
  for (const table of await currentTables(machine, hostname)) {
    if (await machine.holds(table)) continue;
    await machine.put(table);
    changed = true;
  }
  if (changed)
    await refreshServices(machine, await readImage(machine), [{ service: 'opendkim', by: 'reload' }]);
  await updateZones({ machine, settings: await readSettings(machine), now: () => new Date() });
}
