/**
 * How mail out was encrypted, from Postfix's log: a process of smtp(8) says what connection it made (`smtp_tls_loglevel = 1`), and then what
 * became of the mail. The same words since Postfix 2.11. What the other server said stands behind what Postfix says of it. Pure.
 */
import { isIP } from 'node:net';
import { domainName } from '../report.ts';
import type { Attempt, Failure, FailureType, Level, Tally } from './tally.ts';
import { bounds } from './tally.ts';

/** Connections to one domain, of which each went well or failed. */
export type Session = { readonly domain: string } & (
  | { readonly level: Level }
  | { readonly failure: Failure }
);

/** What Postfix says where it does not deliver for want of encryption, and RFC 8460's word for it (section 4.3). */
const refusals: readonly (readonly [says: RegExp, type: FailureType])[] = [
  [/^TLS is required, but was not offered by host /, 'starttls-not-supported'],
  [/^TLS is required, but host \S+ refused to start TLS: /, 'starttls-not-supported'],
  [/^no TLSA records found\b/, 'dane-required'],
  [/^TLSA records unusable\b/, 'tlsa-invalid'],
  [/^(?:TLSA lookup error for |DANE TLSA lookup problem)/, 'dnssec-invalid'],
  [/^Cannot start TLS: handshake failure/, 'validation-failure'],
  [/^Server certificate not (?:verified|trusted)/, 'certificate-not-trusted'],
];

/** What it says of a certificate before that. */
const certificates: readonly (readonly [says: RegExp, type: FailureType])[] = [
  [/certificate has expired/, 'certificate-expired'],
  [/certificate not yet valid/, 'validation-failure'],
  [/hostname mismatch/i, 'certificate-host-mismatch'],
  [/not trusted by local or TLSA policy|no matching DANE TLSA/i, 'validation-failure'],
  [/self-signed|untrusted issuer/, 'certificate-not-trusted'],
];

const named = '(\\S+?)\\[([0-9A-Fa-f.:]+)\\]';
const established = new RegExp(
  `^(Verified|Trusted|Untrusted|Anonymous) TLS connection established to ${named}:\\d+`,
);
const unverified = /^(?:\w+ )?certificate verification failed for \S+?: /;
const broken = new RegExp(`^SSL_connect error to ${named}:\\d+`);
const delivery =
  /^to=<[^>]*@([^>@]+)>, (?:orig_to=<[^>]*>, )?relay=([^,]+), (?:conn_use=(\d+), )?delay=.*?, dsn=\S+, status=(\w+) \((.*)$/;

export class SmtpLog {
  /** What a process has begun, and what it did last; of the newest processes alone. */
  readonly #begun: Map<string, Attempt[]>;
  readonly #done: Map<string, string>;
  readonly #own: Set<string>;
  readonly #seen = new Map<string, FailureType>();

  constructor(
    { begun, done, own }: Pick<Tally, 'begun' | 'done' | 'own'>,
    /** Where the box's own reports are from: their deliveries are not reported. */
    private readonly sender: string,
    private readonly take: (session: Session) => void,
  ) {
    this.#begun = new Map(Object.entries(begun));
    this.#done = new Map(Object.entries(done));
    this.#own = new Set(own);
  }

  /** What is to be known at the next look. */
  get rest(): Pick<Tally, 'begun' | 'done' | 'own'> {
    return {
      begun: Object.fromEntries([...this.#begun].slice(-bounds.pending)),
      done: Object.fromEntries([...this.#done].slice(-bounds.pending)),
      own: [...this.#own].slice(-bounds.pending),
    };
  }

  /** @param said a line behind its time and host */
  line(said: string): void {
    const [, program, pid = '', text = ''] = /^postfix\/(smtp|qmgr)\[(\d+)\]: (.*)$/.exec(said) ?? [];
    if (program === 'qmgr') this.#queued(text);
    if (program === 'smtp') this.#spoken(pid, text);
  }

  #queued(text: string): void {
    const [, number, sender] = /^(\w+): from=<([^>]*)>, size=/.exec(text) ?? [];
    if (number !== undefined && sender === this.sender) this.#own.add(number);
    // It is tried again: what comes is another connection.
    if (number !== undefined)
      for (const [pid, said] of this.#done) if (said.startsWith(`${number} `)) this.#done.delete(pid);
    const [, gone] = /^(\w+): removed$/.exec(text) ?? [];
    if (gone !== undefined) this.#own.delete(gone);
  }

  #spoken(pid: string, text: string): void {
    const [, level, mx, address] = established.exec(text) ?? [];
    if (level !== undefined) {
      const type = this.#seen.get(pid);
      this.#seen.delete(pid);
      this.#begin(pid, { ...server(mx, address), level: levelOf(level), ...(type && { type }) });
      return;
    }
    const failed = certificates.find(([says]) => unverified.test(text) && says.test(text))?.[1];
    if (failed !== undefined) this.#seen.set(pid, failed);
    const [, brokenMx, brokenAddress] = broken.exec(text) ?? [];
    if (brokenMx !== undefined)
      this.#begin(pid, { ...server(brokenMx, brokenAddress), type: 'validation-failure' });
    const [, number = '', rest = ''] = /^([0-9A-Za-z]{4,20}): (.*)$/.exec(text) ?? [];
    if (rest === '') return;
    const [, domain, relay = '', reused, status, why = ''] = delivery.exec(rest) ?? [];
    if (domain === undefined) this.#refused(pid, rest);
    else this.#delivered(pid, number, { domain, relay, reused, status, why });
  }

  /** The word about one server, where there is another to be tried. */
  #refused(pid: string, why: string): void {
    const type = typeOf(why);
    if (type === undefined) return;
    const attempts = this.#begun.get(pid) ?? [];
    const last = attempts.at(-1);
    // The connection of which it speaks is the last one, unless there was none.
    if (last === undefined || speaksOfAnother(last, why)) this.#begin(pid, { ...serverIn(why), type });
    else attempts[attempts.length - 1] = { mx: last.mx, address: last.address, type: last.type ?? type };
  }

  #delivered(
    pid: string,
    number: string,
    it: {
      readonly domain: string;
      readonly relay: string;
      readonly reused: string | undefined;
      readonly status: string | undefined;
      readonly why: string;
    },
  ): void {
    const domain = domainName(it.domain);
    const attempts = this.#begun.get(pid) ?? [];
    const type = typeOf(it.why);
    const said = `${number} ${domain} ${it.relay}`;
    const isSame = this.#done.get(pid) === said;
    // The last recipient of a connection is not known as such: what is begun ends with the first.
    if (type !== undefined && (attempts.length > 0 || !isSame)) this.#refused(pid, it.why);
    const ended = this.#begun.get(pid) ?? [];
    this.#begun.delete(pid);
    this.#seen.delete(pid);
    this.#done.delete(pid);
    this.#done.set(pid, said.slice(0, 700));
    if (this.#done.size > 2 * bounds.pending) this.#done.delete([...this.#done.keys()][0] ?? '');
    if (domain === undefined || this.#own.has(number)) return;
    // A certificate that nobody demanded is no failure.
    for (const { mx, address, level, type: failed } of ended)
      this.take(
        level !== undefined
          ? { domain, level }
          : { domain, failure: { type: failed ?? 'validation-failure', mx, address } },
      );
    if (ended.length === 0 && !isSame && it.reused === undefined && isClear(it.relay, it.status, it.why))
      this.take({ domain, level: 'clear' });
  }

  #begin(pid: string, attempt: Attempt): void {
    const attempts = [...(this.#begun.get(pid) ?? []), attempt].slice(-20);
    this.#begun.delete(pid);
    this.#begun.set(pid, attempts);
    if (this.#begun.size > 2 * bounds.pending) this.#begun.delete([...this.#begun.keys()][0] ?? '');
  }
}

const levelOf = (word: string): Level =>
  word === 'Verified' ? 'verified' : word === 'Trusted' ? 'trusted' : 'untrusted';

const typeOf = (why: string) => refusals.find(([says]) => says.test(why))?.[1];

/** There was no encryption: the other server took part in the delivery, and Postfix told of no such connection. */
const isClear = (relay: string, status: string | undefined, why: string) =>
  server(...hostOf(relay)).address !== '' &&
  (status === 'sent' || /\(in reply to (?:MAIL FROM|RCPT TO|DATA|end of DATA) command\)/.test(why));

const hostOf = (text: string): [string | undefined, string | undefined] => {
  const [, mx, address] = new RegExp(named).exec(text) ?? [];
  return [mx, address];
};

const serverIn = (why: string) => server(...hostOf(why.slice(0, 400)));

function server(mx: string | undefined, address: string | undefined): Pick<Failure, 'mx' | 'address'> {
  const plainAddress = (address ?? '').toLowerCase();
  return { mx: domainName(mx ?? '') ?? '', address: isIP(plainAddress) === 0 ? '' : plainAddress };
}

const speaksOfAnother = (last: Attempt, why: string) => {
  const { address } = serverIn(why);
  return address !== '' && address !== last.address;
};
