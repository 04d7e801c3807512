/** What OpenDMARC and Postfix write, line by line as they do. */

/** 2026-11-23, noon: the day before the box's clock. */
export const yesterday = Date.parse('2026-11-23T12:00:00Z') / 1000;

export interface Mail {
  readonly ip?: string;
  readonly from?: string;
  readonly mfrom?: string;
  readonly dkim?: readonly string[];
  readonly spf?: number;
  readonly pdomain?: string;
  readonly policy?: number;
  readonly rua?: readonly string[];
  readonly align?: readonly [dkim: 4 | 5, spf: 4 | 5];
  readonly p?: string;
  readonly action?: number;
  readonly received?: number;
}

/** As OpenDMARC 1.4.2 writes it (mlfi_eom() in opendmarc.c): a mail that passed, unless it says otherwise. */
export const historyOf = (it: Mail = {}) =>
  [
    'job 4bP1xX2yZ3z9',
    'reporter box.example.com',
    `received ${it.received ?? yesterday}`,
    `ipaddr ${it.ip ?? '198.51.100.7'}`,
    `from ${it.from ?? 'sender.example'}`,
    `mfrom ${it.mfrom ?? 'sender.example'}`,
    ...(it.dkim ?? ['sender.example s1 0']).map((one) => `dkim ${one}`),
    `spf ${it.spf ?? 0}`,
    `pdomain ${it.pdomain ?? 'sender.example'}`,
    `policy ${it.policy ?? 15}`,
    ...(it.rua ?? ['mailto:dmarc@sender.example']).map((one) => `rua ${one}`),
    'pct 100',
    'adkim 114',
    'aspf 0',
    `p ${(it.p ?? 'q').charCodeAt(0)}`,
    'sp 0',
    `align_dkim ${it.align?.[0] ?? 4}`,
    `align_spf ${it.align?.[1] ?? 4}`,
    'arc 7',
    'arc_policy 2 json:[]',
    `action ${it.action ?? 2}`,
    '',
  ].join('\n');

/** Lines of mail.log on that day. */
export const logOf = (...said: readonly string[]) =>
  said.map((one) => `2026-11-23T13:00:00.123456+01:00 box ${one}\n`).join('');

const cipher = 'TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)';
export const connected = (pid: number, level: string, server: string) =>
  `postfix/smtp[${pid}]: ${level} TLS connection established to ${server}:25: ${cipher}`;
export const delivered = (pid: number, number: string, to: string, server: string, more = '') =>
  `postfix/smtp[${pid}]: ${number}: to=<${to}>, relay=${server}:25, ${more}delay=0.5, delays=0.1/0/0.3/0.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4bQ)`;
export const waiting = (pid: number, number: string, to: string, relay: string, why: string) =>
  `postfix/smtp[${pid}]: ${number}: to=<${to}>, relay=${relay}, delay=1, delays=0.1/0/0.9/0, dsn=4.7.5, status=deferred (${why})`;
