/** What three people, their programs and the world's robots do with a box in a day: each thing in turn, all things at once. */
import { type Account, deliver, type Reader, smtp } from '../../rig/mail.ts';
import { request } from '../../rig/request.ts';
import { event } from './icalendar.ts';
import type { LabMta } from './mta.ts';
import type { LabBox } from './nspawn.ts';
import { Telephone } from './telephone.ts';
import type { WebClient } from './web-client.ts';
import type { WebmailPerson } from './webmail-person.ts';

/** How often each thing happens, of all three people together. */
const wholeDay = {
  /** From another host: each fifth with a picture, each fourth spam. */
  mailsIn: 200,
  mailsOut: 40,
  /** A mail program of each that looks every five minutes. */
  imapLooks: 3 * 288,
  /** Calendars every quarter of an hour; with each tenth an event is added. */
  calendarSyncs: 3 * 96,
  /** A telephone of each that waits for news, and asks for it every quarter of an hour. */
  telephoneSyncs: 3 * 96,
  webmailPages: 60,
  panelPages: 24,
  /** Strangers that want to relay. */
  relayTries: 300,
  /** Robots that look for somebody else's software. */
  webScans: 500,
};
type Counts = typeof wholeDay;

/** A part of a day, with something of everything. */
export const dayOf = (share: number): Counts =>
  Object.fromEntries(
    Object.entries(wholeDay).map(([name, count]) => [name, Math.max(3, Math.round(count * share))]),
  ) as Counts;

interface Around {
  readonly box: LabBox;
  readonly friend: LabMta;
  readonly people: readonly Account[];
  readonly readers: readonly Reader[];
  readonly webmail: WebmailPerson;
  readonly panel: WebClient;
  readonly counts: Counts;
}

const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';

export class Day {
  readonly sentOut: string[] = [];
  readonly #sentIn = new Map<string, number[]>();

  constructor(private readonly around: Around) {}

  /** Numbers of the mails that were taken for somebody, in order. */
  sentTo = (email: string): readonly number[] => this.#sentIn.get(email) ?? [];

  async passes(): Promise<void> {
    const { counts } = this.around;
    await Promise.all([
      times(counts.mailsIn, this.#mailIn),
      times(counts.mailsOut, this.#mailOut),
      times(counts.imapLooks, this.#imapLook),
      times(counts.calendarSyncs, this.#calendarSync),
      ...this.around.people.map((person) => this.#telephone(person)),
      times(counts.webmailPages, () => this.around.webmail.open('?_task=mail&_mbox=INBOX')),
      times(counts.panelPages, this.#panelPage),
      times(counts.relayTries, this.#relayTry),
      times(counts.webScans, this.#webScan),
    ]);
  }

  /** Whatever the box does by itself at night, one thing after the other. */
  async night(): Promise<void> {
    const { box } = this.around;
    const timers = await box.run("systemctl list-timers --all --no-legend 'box-*'");
    const services = [...timers.matchAll(/(box-[\w-]+)\.service/g)].map(([, name]) => name);
    if (!services.includes('box-nightly') || !services.includes('box-backup')) throw new Error(timers);
    for (const service of services) await box.run(`systemctl start ${service}`, '', 600);
    await box.run('systemctl start logrotate');
  }

  #turn = (i: number) => {
    const { people, readers } = this.around;
    const at = i % people.length;
    return { person: people[at] as Account, reader: readers[at] as Reader };
  };

  #mailIn = async (i: number) => {
    const { person } = this.#turn(i);
    const { address } = this.around.friend.options;
    const picture = i % 5 === 0 ? `\n${'0123456789abcdef'.repeat(4)}`.repeat(1500) : '';
    await deliver(this.around.box, 25, {
      from: 'friend@friend.example',
      to: person.email,
      subject: `day ${i} end`,
      body: `Mail number ${i}.${i % 4 === 0 ? `\n${gtube}` : ''}${picture}\n`,
      client: { address, helo: 'mx.friend.example' },
    });
    this.#sentIn.set(person.email, [...this.sentTo(person.email), i]);
  };

  #mailOut = async (i: number) => {
    const { person } = this.#turn(i);
    const subject = `out ${i} end`;
    const mail = { from: person.email, to: 'friend@friend.example', subject, auth: person };
    await deliver(this.around.box, 587, { ...mail, tls: 'required' });
    this.sentOut.push(subject);
  };

  #imapLook = async (i: number) => {
    const { reader } = this.#turn(i);
    const { code, stderr } = await reader.curl(`imaps://${reader.hostname}:993/INBOX`, [
      'request = "SEARCH UNSEEN"',
    ]);
    if (code !== 0) throw new Error(`IMAP look ${i}: ${stderr}`);
  };

  #calendarSync = async (i: number) => {
    const { person } = this.#turn(i);
    const calendar = `/SOGo/dav/${person.email}/Calendar/personal/`;
    const text = event(`day-${i}`, `Day ${i}`, '20270301T09');
    if (i % 10 === 0) await this.#asked(`PUT ${calendar}day-${i}.ics`, person, [201, 204], text);
    const { body } = await this.#asked(`PROPFIND ${calendar}`, person, [207]);
    if (i % this.around.people.length === 0 && !body.includes('day-0.ics')) throw new Error(body);
  };

  /** Waits for news as long as a telephone may, and looks in between. */
  async #telephone(person: Account): Promise<void> {
    const telephone = new Telephone(this.around.box, person);
    const folder = (await telephone.folders()).get('2') ?? '';
    let { key } = await telephone.sync(folder, '0');
    await times(Math.ceil(this.around.counts.telephoneSyncs / this.around.people.length), async (i) => {
      if (i % 8 === 0) await telephone.ping(folder, 10);
      ({ key } = await telephone.sync(folder, key));
    });
  }

  #panelPage = async (i: number) => {
    const pages = [
      'POST /system/status',
      'GET /mail/users?format=json',
      'GET /mail/log',
      'GET /system/samples',
      'GET /system/reports',
    ];
    const [owner] = this.around.people;
    const page = pages[i % pages.length] as string;
    const { status, body } = await this.around.panel.ask(page, { as: owner as Account });
    if (status !== 200) throw new Error(`${page}: ${status} ${body}`);
  };

  #relayTry = async (i: number) => {
    const { box } = this.around;
    const mail = { from: box.stranger, to: `somebody-${i}@elsewhere.example`, subject: 'relay' };
    const { code } = await smtp(box, 25, mail);
    if (code === 0) throw new Error('the box relays');
  };

  #webScan = async (i: number) => {
    const { status } = await request(this.around.box, `GET /wp-login-${i}.php`);
    if (status !== 404) throw new Error(`a page that is not there: ${status}`);
  };

  async #asked(what: string, as: Account, wanted: readonly number[], body?: string) {
    const depth = ['Depth: 1', 'Content-Type: text/calendar'];
    const sent = body === undefined ? {} : { body };
    const answer = await request(this.around.box, what, { as, headers: depth, seconds: 120, ...sent });
    if (!wanted.includes(answer.status)) throw new Error(`${what}: ${answer.status} ${answer.body}`);
    return answer;
  }
}

async function times(count: number, once: (i: number) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i++) await once(i);
}
