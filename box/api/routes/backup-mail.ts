/** `/system/backup/mail`: mail of one account comes back from a backup, beside what is there. Mail-in-a-Box has no such routes. */
import * as z from 'zod';
import type { MailRestore } from '../../../contract/api.ts';
import { notBegun, orderRestore, type Standing, standingRestore } from '../../accounts/ordered-restore.ts';
import type { Machine } from '../../machine/machine.ts';
import { command } from '../../machine/services.ts';
import { readImage } from '../../machine/settings-file.ts';
import { accountAddress } from '../../mail/address.ts';
import { email, field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';

/** Left out where it is empty. */
const given = (value: string): string | undefined => value.trim() || undefined;

/** A signal ends the client, with this process or after its time, and not what it has asked the init system for. */
async function begin(machine: Machine, argv: readonly string[]): Promise<void> {
  const { code, err } = await machine.outcome(argv);
  if (code > 0 && code < 128) await notBegun(machine, err.trim().split('\n')[0] || `exit code ${code}`);
}

export const backupMailRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/system/backup/mail',
    may: 'admin',
    summary:
      'the last restore of mail that was ordered: how far it is, and how it ended; forgotten at a reboot',
    params: none,
    answers:
      'JSON: `null`, or `{email, look, sought, ordered_at, step: waits|fetch|look|copy|ended, mails, problem: {what, what_to_do}, ' +
      'found: {mails, bytes, folders, newest: [{folder, from, subject, date}]}, restored: {mails, folder}}`',
    async run({ machine, door }) {
      const standing = await standingRestore({ machine, now: () => new Date(door.now()) });
      return json<MailRestore | null>(standing === undefined ? null : shown(standing));
    },
  }),
  route({
    method: 'POST',
    path: '/system/backup/mail',
    may: 'admin',
    summary:
      'begin to give mail of one account back from a backup, into a folder of its own beside what is there; or to tell what would come back. One at a time',
    params: z.object({
      email,
      look: field('`1`: only tell what would come back', 1),
      time: field(
        'as it was then: a day, or `date` of `GET /system/backup/status`; empty: the last backup',
        30,
      ),
      folder: field('only what was in this one, such as `INBOX`', 500),
      from: field('only mails that have this in their sender’s name or address', 500),
      subject: field('only mails that have these words in their subject', 500),
      message_id: field('only the mail with this Message-ID', 1000),
      since: field('only mails of this day (`2026-11-26`) and later', 10),
      until: field('only mails of this day and earlier', 10),
    }),
    answers: 'what happens, as text; `GET /system/backup/mail` tells how far it is',
    async run({ machine, door }, { email: typed, look, message_id, ...rest }) {
      await orderRestore(
        { machine, now: () => new Date(door.now()) },
        {
          account: accountAddress(typed),
          look: look === '1',
          ...{ time: given(rest.time), folder: given(rest.folder), from: given(rest.from) },
          ...{ subject: given(rest.subject), messageId: given(message_id) },
          ...{ since: given(rest.since), until: given(rest.until) },
        },
      );
      const argv = command(await readImage(machine), 'startService', 'box-mail-restore');
      // Not waited for: it has a process of its own, as root and outside of the keeper's cage.
      void begin(machine, argv).catch(() => undefined);
      return text('It has begun. GET /admin/system/backup/mail tells how far it is.\n');
    },
  }),
];

function shown({ order, orderedAt, problem, found, ...standing }: Standing): MailRestore {
  const { account, look, messageId, ...sought } = order;
  return {
    ...{ email: account, look, ordered_at: orderedAt },
    sought: { ...sought, ...(messageId === undefined ? {} : { message_id: messageId }) },
    ...{ step: standing.step, mails: standing.mails },
    ...(problem === undefined ? {} : { problem: { what: problem.what, what_to_do: problem.hint } }),
    ...(found === undefined
      ? {}
      : {
          found: {
            ...found,
            newest: found.newest.map((mail) => ({ ...mail, date: mail.date.toISOString() })),
          },
        }),
    ...(standing.restored === undefined ? {} : { restored: standing.restored }),
  };
}
