/** `box reports`: what other mail servers report of mail in this box's name, and of how they could encrypt to it; and its own to them. */
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { readSettings } from '../machine/settings-file.ts';
import { reportAddress } from '../mail/report-address.ts';
import { askResolver } from '../outbound-tls/resolver.ts';
import { limits } from '../reports/limits.ts';
import { mostDays, readReports } from '../reports/read.ts';
import { plain } from '../reports/report.ts';
import { count as countAll } from '../reports/sending/count.ts';
import { sendReports } from '../reports/sending/send.ts';
import { keep } from '../reports/store.ts';
import { reportsIn } from '../reports/take.ts';
import { type Command, UsageError } from './command.ts';

const take: Command = {
  name: 'reports take',
  operands: [],
  summary:
    'keep the reports in the mail on standard input (a service of the box runs it, as a user without rights)',
  options: {},
  optionHelp: {},
  async run({ machine, say, now, readBytes }) {
    const seconds = Math.floor(now().getTime() / 1000);
    const mail = await readBytes(limits.mail);
    if (mail === undefined) {
      // Nobody is told: who it says it is from may be anybody.
      say('left: a mail that is too long');
      return 0;
    }
    const host = await hostOf(machine);
    const { reports, left } = await reportsIn(mail, host, seconds);
    await keep(machine, reports, seconds);
    for (const { kind, org, id } of reports) say(`kept: ${kind} of ${org}, ${id}`);
    // What is wrong with it may be told in its own words.
    for (const why of left) say(`left: ${plain(why, 200)}`);
    return 0;
  },
};

/** Who may not read the settings asks the system. */
const hostOf = async (machine: Machine) => ((await machine.read(paths.hostName)) ?? '').trim().toLowerCase();

const count: Command = {
  name: 'reports count',
  operands: [],
  summary:
    'count mail that came and connections out, for reports to others (a service of the box runs it, as a user who reads logs)',
  options: {},
  optionHelp: {},
  async run({ machine, now }) {
    await countAll(machine, reportAddress(await hostOf(machine)), Math.floor(now().getTime() / 1000));
    return 0;
  },
};

const send: Command = {
  name: 'reports send',
  operands: [],
  summary: 'send others the reports that their DNS asks for: each day once (a service of the box runs it)',
  options: { day: { type: 'string' }, look: { type: 'boolean' } },
  optionHelp: {
    day: 'YYYY-MM-DD, UTC: that day alone, over or not; without it each that is over and counted',
    look: 'only say what would be sent, and to whom',
  },
  async run({ machine, options, say, now }) {
    const day = options.day === undefined ? undefined : String(options.day);
    if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day)) throw new UsageError('--day takes YYYY-MM-DD');
    const settings = await readSettings(machine);
    if (settings.reports === false) {
      say('no reports are sent: the settings say so (outbound.reports)');
      return 0;
    }
    const wishes = { ...(day === undefined ? {} : { day }), look: options.look === true };
    const release = await machine.lock(10, paths.sendLock);
    try {
      await sendReports({ machine, settings, now }, askResolver, wishes, say);
    } finally {
      await release();
    }
    return 0;
  },
};

const show: Command = {
  name: 'reports',
  operands: [],
  summary: 'show what other mail servers report: mail in your name, and encryption of mail to you',
  options: { days: { type: 'string' }, json: { type: 'boolean' } },
  optionHelp: { days: `how many days back, 1 to ${mostDays}; 30 by default`, json: 'print all as JSON' },
  async run({ machine, options, say, now }) {
    const days = Number(options.days ?? 30);
    if (!(Number.isInteger(days) && days >= 1 && days <= mostDays))
      throw new UsageError(`--days takes a number from 1 to ${mostDays}`);
    const told = await readReports({ machine, settings: await readSettings(machine), now }, days);
    if (options.json === true) {
      say(JSON.stringify(told, null, 2));
      return 0;
    }
    if (told.reports === 0) say(`no reports since ${told.since}; they come to ${told.address}, once a day`);
    for (const { day, domain, told_by, text } of told.mails)
      say(`${day} ${text} (${domain}; told by ${told_by.join(', ')})`);
    for (const { day, told_by, text } of told.connections) say(`${day} ${text} (told by ${told_by})`);
    if (told.unproven > 0)
      say(`${told.unproven} of ${told.reports} reports came by mail that does not prove whom it is from`);
    say(told.sending.text);
    return 0;
  },
};

export const reportsCommands: readonly Command[] = [take, count, send, show];
