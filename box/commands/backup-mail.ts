/** `box backup mail`: mail of one account comes back from a backup; and the service by which the panel has it done. */
import { doOrdered } from '../accounts/ordered-restore.ts';
import { type Found, findMail, restoreMail } from '../accounts/restore-mail.ts';
import { accountAddress } from '../mail/address.ts';
import type { Command } from './command.ts';

const text = { type: 'string' } as const;

const mail: Command = {
  name: 'backup mail',
  operands: ['EMAIL'],
  summary: 'give mail of one account back from a backup, in a folder of its own beside what is there',
  options: {
    ...{ time: text, folder: text, from: text, subject: text, 'message-id': text, since: text, until: text },
    look: { type: 'boolean' },
  },
  optionHelp: {
    time: 'as it was then: 2026-11-26, 3D (days ago), or a time of: box backup list',
    folder: 'only what was in this one, such as INBOX',
    from: 'only mails that have this in their sender’s name or address',
    subject: 'only mails that have these words in their subject',
    'message-id': 'only the mail with this Message-ID',
    since: 'only mails of this day and later: 2026-11-20',
    until: 'only mails of this day and earlier',
    look: 'give nothing back, and print what would come',
  },
  async run(call) {
    const [account = ''] = call.operands;
    const given = (name: string) => {
      const value = call.options[name];
      return typeof value === 'string' ? value : undefined;
    };
    const wanted = {
      account: accountAddress(account),
      ...{ time: given('time'), folder: given('folder'), from: given('from'), subject: given('subject') },
      ...{ messageId: given('message-id'), since: given('since'), until: given('until') },
    };
    if (call.options.look === true) {
      const found = await findMail(call, wanted);
      for (const line of linesOf(found)) call.say(line);
      return found.mails === 0 ? 1 : 0;
    }
    const { folder, mails } = await restoreMail(call, wanted);
    call.say(
      mails === 0 ? nothing : `${mails} ${mails === 1 ? 'mail lies' : 'mails lie'} in the folder "${folder}"`,
    );
    return mails === 0 ? 1 : 0;
  },
};

const nothing = 'no mail in that backup is like that';

function linesOf({ mails, bytes, folders, newest }: Found): string[] {
  if (mails === 0) return [nothing];
  return [
    `${mails} ${mails === 1 ? 'mail' : 'mails'} would come back, ${bytes} bytes`,
    ...folders.map((folder) => `${folder.name}: ${folder.mails}`),
    // A terminal does what some letters say.
    ...newest.map(({ date, from, subject }) =>
      `${date.toISOString().slice(0, 10)}  ${from}  ${subject}`.replace(/\p{Cc}/gu, ' '),
    ),
    ...(mails > newest.length ? [`and ${mails - newest.length} older ones`] : []),
  ];
}

const ordered: Command = {
  name: 'backup ordered',
  operands: [],
  summary: 'restore the mail that the panel ordered (a service of the box)',
  options: {},
  optionHelp: {},
  run: async (call) => ((await doOrdered(call)) ? 0 : 1),
};

export const backupMailCommands: readonly Command[] = [mail, ordered];
