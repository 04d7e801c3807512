/** The two texts of MTA-STS (RFC 8461): the TXT record that announces a policy, and the policy. */

export interface Policy {
  readonly mode: 'enforce' | 'testing' | 'none';
  /** Names of mail servers, in lower case; `*.` at the front stands for one label. */
  readonly mx: readonly string[];
  /** Seconds that it may be relied on. */
  readonly maxAge: number;
}

/** The policy's id in a domain's TXT records. Nothing where there is no record, or more than one, or a bad one. */
export function announcedId(records: readonly string[]): string | undefined {
  const announcing = records.filter((text) => /^v=STSv1[ \t]*;/.test(text));
  if (announcing.length !== 1) return undefined;
  const [, ...fields] = (announcing[0] as string).split(';').map((field) => field.trim());
  const ids = fields.filter((field) => /^id[ \t]*=/.test(field));
  return /^id=([A-Za-z0-9]{1,32})$/.exec(ids[0] ?? '')?.[1];
}

/** A year: what RFC 8461 allows at most. */
const longestAge = 31_557_600;
const mostPatterns = 256;
const mxPattern =
  /^(?=.{1,253}$)(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** `key: value`, in bytes read as Latin-1. */
const fieldPattern = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*([\t -~\u0080-\u00ff]*?)[ \t]*$/;

/** Reads a policy; undefined for anything that is not one to the letter, since it then counts as none. */
export function parsePolicy(text: string): Policy | undefined {
  const first = new Map<string, string>();
  const mx: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const [, key, value] = fieldPattern.exec(line) ?? [];
    if (key === undefined || value === undefined) return undefined;
    if (key === 'mx') mx.push(value.toLowerCase());
    // "If any of the fields other than mx is duplicated, all but the first are ignored."
    else if (!first.has(key)) first.set(key, value);
  }
  const mode = first.get('mode');
  const age = first.get('max_age') ?? '';
  if (first.get('version') !== 'STSv1' || !/^\d{1,10}$/.test(age)) return undefined;
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return undefined;
  if ((mx.length === 0 && mode !== 'none') || mx.length > mostPatterns) return undefined;
  if (!mx.every((pattern) => mxPattern.test(pattern))) return undefined;
  return { mode, mx, maxAge: Math.min(Number(age), longestAge) };
}

/** The patterns as `match=` of smtp_tls_policy_maps takes them: `.example.com` for what is `*.example.com` here. */
export function matchOf(mx: readonly string[]): string {
  return [...new Set(mx.map((pattern) => pattern.replace(/^\*/, '')))].join(':');
}

/** The patterns as Postfix takes them beside that (TLSRPT_README, "MTA-STS Support"): then no server is asked whose name is none of them. */
export function patternsOf(mx: readonly string[]): string {
  return ` policy_type=sts${[...new Set(mx)].map((pattern) => ` mx_host_pattern=${pattern}`).join('')}`;
}
