/**
 * Sends the reports of days that are over and wholly counted: to each domain that asks for them, once. Only root may submit mail, so
 * root does; what it reads of strangers are numbers and domains in a shape of their own, and answers of the DNS.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { gzipSync } from 'node:zlib';
import { toldAddresses } from '../../dns/told-addresses.ts';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { reportAddress } from '../../mail/report-address.ts';
import { mailDomains } from '../../mail/required-aliases.ts';
import { readMailData } from '../../mail/users.ts';
import type { Ask } from '../../outbound-tls/question.ts';
import { appliedTo } from './applied.ts';
import { type Asked, cannotSay, dmarcAsks, tlsAsks } from './asked.ts';
import { encryptionOf, totalOf } from './encryption.ts';
import { type About, feedbackOf } from './feedback.ts';
import { Journal, type Kind } from './journal.ts';
import { reportMail } from './mail.ts';
import { readSuffixes } from './organisation.ts';
import { readTally } from './read-tally.ts';
import type { Tally } from './tally.ts';

/** Reports of one day: those about most mail go first. */
const mostReports = 400;
/** Domains that are looked up at a time. */
const together = 8;

export interface Wishes {
  /** One day, over or not; without it all that are due. */
  readonly day?: string;
  /** Only say what would be sent. */
  readonly look: boolean;
}

interface Due {
  readonly day: string;
  readonly kind: Kind;
  readonly domain: string;
  readonly weight: number;
}

export async function sendReports(
  box: Box,
  ask: Ask,
  { day, look }: Wishes,
  say: (line: string) => void,
): Promise<void> {
  const { machine, settings, now } = box;
  const { hostname, relay } = settings;
  const seconds = Math.floor(now().getTime() / 1000);
  const tally = await readTally(machine);
  const journal = await Journal.open(machine, seconds);
  const own = mailDomains(hostname, await readMailData(machine));
  // What goes through a relay says nothing of the servers behind it.
  const due = dueOf(tally, day, relay === undefined).filter(
    (one) => !isOwn(one.domain, own) && !journal.has(one.day, one.kind, one.domain),
  );
  const suffixes = readSuffixes(await machine.read(paths.publicSuffixes));
  const asks = async ({ kind, domain }: Due): Promise<Asked | undefined> =>
    (kind === 'dmarc' ? dmarcAsks(domain, ask, suffixes) : tlsAsks(domain, ask)).catch((error) => {
      if (cannotSay(error)) return undefined;
      throw error;
    });
  const told = await toldAddresses(box);
  for (let i = 0; i < due.length; i += together) {
    const some = due.slice(i, i + together);
    const answers = await Promise.all(some.map(asks));
    for (const [j, one] of some.entries()) {
      const asked = answers[j];
      if (asked === undefined) say(`later: ${one.kind} ${one.day} ${one.domain}: the DNS gives no answer`);
      else await tell(one, asked);
    }
  }

  async function tell(one: Due, asked: Asked): Promise<void> {
    const { kind, domain, day: of } = one;
    if (asked.receivers.length > 0 && journal.count(of) >= mostReports) {
      say(`left: ${kind} ${of} ${domain}: ${mostReports} reports of that day were sent`);
      return;
    }
    const about = aboutOf(hostname, one);
    const packed =
      asked.receivers.length === 0 ? Buffer.alloc(0) : gzipSync(await textOf(one, about, asked.fo));
    const mailTo = (to: readonly string[]) => reportMail(kind, about, to, packed, now());
    const all = asked.receivers.map(({ address }) => address);
    const size = Buffer.byteLength(mailTo(all));
    const to = asked.receivers.filter(({ most }) => size <= most).map(({ address }) => address);
    if (look) {
      if (to.length > 0) say(`would be sent: ${kind} ${of} ${domain} to ${to.join(', ')}`);
      return;
    }
    // Before it is sent: a power cut in between loses a report, and doubles none.
    await journal.note(of, kind, domain, to.length);
    if (to.length === 0) return;
    const sendmail = ['/usr/sbin/sendmail', '-i', '-f', reportAddress(hostname), '--', ...to];
    try {
      await machine.run(sendmail, mailTo(to));
    } catch (error) {
      await journal.strike(of, kind, domain);
      throw error;
    }
    say(`sent: ${kind} ${of} ${domain} to ${to.join(', ')}`);
  }

  async function textOf({ kind, domain, day: of }: Due, about: About, fo: string): Promise<string> {
    const counted = tally.days[of];
    const mails = kind === 'dmarc' ? counted?.mails[domain] : undefined;
    if (mails !== undefined) return feedbackOf(about, mails, fo);
    const sessions = counted?.sessions[domain];
    if (sessions === undefined) throw new Failure(`nothing is counted of ${domain}`, 'try another day');
    const ownAddress = (theirs: string) => {
      const isSix = isIPv6(theirs);
      const here = machine.addresses().find(({ family }) => family === (isSix ? 6 : 4));
      return (isSix ? told.ipv6 : told.ipv4) ?? here?.address;
    };
    return encryptionOf(about, sessions, await appliedTo(machine, domain, ask, seconds), ownAddress);
  }
}

/** Those of whole days, unless one is named. */
function dueOf(tally: Tally, named: string | undefined, isDirect: boolean): Due[] {
  const isDue = (day: string) =>
    named === undefined ? Date.parse(`${day}T00:00:00Z`) / 1000 + 86_400 <= tally.until : day === named;
  return Object.entries(tally.days)
    .filter(([day]) => isDue(day))
    .flatMap(([day, { mails, sessions }]) => [
      ...Object.entries(mails).map(([domain, { rows }]): Due => {
        return { day, kind: 'dmarc', domain, weight: rows.reduce((sum, { count }) => sum + count, 0) };
      }),
      ...(isDirect ? Object.entries(sessions) : []).map(([domain, it]): Due => {
        return { day, kind: 'tls', domain, weight: totalOf(it) };
      }),
    ])
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => (a.day === b.day ? b.weight - a.weight : a.day < b.day ? -1 : 1));
}

const isOwn = (domain: string, own: readonly string[]) =>
  own.some((one) => domain === one || domain.endsWith(`.${one}`));

/** The same at each try, so that whoever gets it twice knows it. */
function aboutOf(hostname: string, { day, kind, domain }: Due): About {
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000;
  const digest = createHash('sha256').update(`${hostname} ${kind} ${domain} ${day}`).digest('hex');
  return { hostname, domain, id: `${day}.${kind}.${digest.slice(0, 16)}`, begin, end: begin + 86_399 };
}
