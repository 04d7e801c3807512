/**
 * OpenDMARC's history (`HistoryFile`, opendmarc.conf(5)): a few lines for each mail, `job` the first and `action` the last. Numbers are
 * those of its headers (opendmarc-ar.h, dmarc.h, opendmarc.h). Domains in it are strangers' words. Pure.
 */
import { isIP } from 'node:net';
import { domainName } from '../report.ts';
import { bounds, type dkimResults, type Policy, type Row, type spfResults } from './tally.ts';

export interface Judged {
  /** Seconds since 1970. */
  readonly time: number;
  /** Where the policy was found. */
  readonly domain: string;
  readonly policy: Policy;
  readonly row: Row;
}

/** ARES_RESULT_*, in the words of the report. */
const spfWords: Readonly<Record<string, (typeof spfResults)[number]>> = {
  0: 'pass',
  2: 'softfail',
  3: 'neutral',
  4: 'temperror',
  5: 'permerror',
  7: 'fail',
};
const dkimWords: Readonly<Record<string, (typeof dkimResults)[number]>> = {
  0: 'pass',
  3: 'neutral',
  4: 'temperror',
  5: 'permerror',
  7: 'fail',
  8: 'policy',
};

/** More lines than any mail has. */
const mostLines = 100;

export class History {
  #lines: [name: string, value: string][] = [];

  /** @param take is given each mail of a domain that asks for reports */
  constructor(private readonly take: (mail: Judged) => void) {}

  line(text: string): void {
    const [, name, value] = /^([a-z_]{1,20}) (.{0,1000})$/.exec(text) ?? [];
    if (name === undefined || value === undefined) return;
    // One that a power cut broke off has no end.
    if (name === 'job') this.#lines = [];
    if (this.#lines.length < mostLines) this.#lines.push([name, value.trim()]);
    if (name !== 'action') return;
    const mail = judged(this.#lines);
    this.#lines = [];
    if (mail !== undefined) this.take(mail);
  }
}

/** Undefined for what nobody asks to be told, or what is not whole. */
function judged(lines: readonly (readonly [string, string])[]): Judged | undefined {
  if (lines[0]?.[0] !== 'job') return undefined;
  const all = (name: string) => lines.filter(([key]) => key === name).map(([, value]) => value);
  // The first of a kind is the daemon's; a stranger's word comes behind it, if at all.
  const one = (name: string) => all(name)[0] ?? '';
  const time = /^\d{1,11}$/.test(one('received')) ? Number(one('received')) : undefined;
  const [domain, from, address] = [domainName(one('pdomain')), domainName(one('from')), one('ipaddr')];
  const asks = all('rua').some((uri) => uri !== '-' && uri !== '');
  if (time === undefined || domain === undefined || from === undefined || isIP(address) === 0 || !asks)
    return undefined;
  const fate = fateOf(one('action'), one('policy'));
  if (fate === undefined) return undefined;
  return {
    time,
    domain,
    policy: {
      p: wanted(one('p')) ?? 'none',
      sp: wanted(one('sp')) ?? wanted(one('p')) ?? 'none',
      adkim: one('adkim') === code('s') ? 's' : 'r',
      aspf: one('aspf') === code('s') ? 's' : 'r',
      pct: /^\d{1,2}$/.test(one('pct')) ? Number(one('pct')) : 100,
    },
    row: {
      address: address.toLowerCase(),
      from,
      envelope: domainName(one('mfrom')) ?? '',
      fate,
      local: fate !== 'reject' && one('policy') === policies.reject,
      dkim: one('align_dkim') === aligned,
      spf: one('align_spf') === aligned,
      signatures: all('dkim').flatMap(signatureOf).slice(0, bounds.signatures),
      spfResult: spfWords[one('spf')] ?? 'none',
    },
  };
}

const code = (letter: string) => String(letter.charCodeAt(0));
/** DMARC_RECORD_P_*: the letter's number. */
const wanted = (p: string) =>
  p === code('n') ? 'none' : p === code('q') ? 'quarantine' : p === code('r') ? 'reject' : undefined;
/** DMARC_POLICY_*_ALIGNMENT_PASS. */
const aligned = '4';
const policies = { reject: '16', quarantine: '17' } as const;

/**
 * DMARC_RESULT_*: refused, dropped, taken, told to come again, held. What is taken although its domain disowns it the Sieve script puts into
 * Spam, whatever the percentage (spam.sieve). What is to come again is no mail yet.
 */
function fateOf(action: string, policy: string): Row['fate'] | undefined {
  if (action === '0' || action === '1') return 'reject';
  if (action === '4') return 'quarantine';
  if (action !== '2') return undefined;
  return policy === policies.reject || policy === policies.quarantine ? 'quarantine' : 'none';
}

/** `domain selector result`. */
function signatureOf(value: string): Row['signatures'] {
  const [by = '', selector = '', result = ''] = value.split(' ');
  const domain = domainName(by);
  if (domain === undefined || !/^[A-Za-z0-9._-]{1,253}$/.test(selector)) return [];
  return [{ domain, selector, result: dkimWords[result] ?? 'none' }];
}
