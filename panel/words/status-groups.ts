/** What each check of the box is about, in groups: the API gives its words as `title: what is found`. Pure. */

export interface Shown {
  readonly type: 'heading' | 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly extra: readonly { readonly text: string }[];
}
export interface StatusLine {
  readonly state: 'ok' | 'warning' | 'error';
  readonly title: string;
  readonly found: string;
  readonly meaning: string;
  readonly remedies: readonly string[];
}
export interface StatusGroup {
  readonly name: string;
  readonly lines: readonly StatusLine[];
}

/** The first that fits counts. */
const kinds: readonly (readonly [group: string, title: RegExp, meaning: string])[] = [
  ['Start', /^(boot|fence)$/, 'The box opens its ports to the network only after a start that went well.'],
  ['Services', /, port \d+$/, 'Where it does not answer, others can’t use this service of the box.'],
  ['DNS', /^zone /, 'The world learns from it where mail for the domain goes.'],
  ['DNS', /^delegation of /, 'Your registrar must send the world to this box for the domain.'],
  [
    'DNS',
    /^DNSSEC of /,
    'With it nobody can forge the domain’s records, and senders can insist on encryption.',
  ],
  [
    'DNS',
    /^(secondary name server|rollover|key rollover|DNS$|custom DNS|IPv[46] address)/,
    'The domain’s records stay reachable and current.',
  ],
  ['Mail', /^accounts$/, 'Without an administrator nobody can help users or hears of problems.'],
  ['Mail', /^DKIM/, 'Other servers trust mail that is signed; unsigned mail ends up in spam folders.'],
  ['Mail', /^mail queue$/, 'Mail that waits long was not taken by its recipients’ servers.'],
  ['Mail', /required alias|^alias/, 'Others report problems and abuse to these addresses.'],
  ['Security', /^TLS certificate/, 'Mail programs and browsers trust the box by it.'],
  ['Security', /^(ssh|brute force)/, 'Strangers try passwords all day; this keeps them out.'],
  ['Security', /updates$/, 'Known holes of programs are closed by updates.'],
  ['System', /^clock$/, 'Signatures, certificates and one-time codes need the right time.'],
  ['System', /^disk/, 'A full disk takes no more mail.'],
  ['System', /^memory/, 'Without memory the kernel ends programs, the largest first.'],
];
const rest = ['Services', 'A part of the box: without it something stands still.'] as const;
const order = ['Start', 'Services', 'Mail', 'DNS', 'Security', 'System'];
const rank = { error: 0, warning: 1, ok: 2 };

/** Within a group what is wrong comes first. */
export function statusGroups(shown: readonly Shown[]): StatusGroup[] {
  const lines = shown.flatMap(({ type, text, extra }) => {
    if (type === 'heading') return [];
    const at = text.indexOf(': ');
    const [title, found] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 2)];
    const [group, , meaning] = kinds.find(([, pattern]) => pattern.test(title)) ?? [rest[0], /./, rest[1]];
    return [{ group, line: { state: type, title, found, meaning, remedies: extra.map((one) => one.text) } }];
  });
  return order.flatMap((name) => {
    const own = lines.filter(({ group }) => group === name).map(({ line }) => line);
    return own.length === 0 ? [] : [{ name, lines: own.sort((a, b) => rank[a.state] - rank[b.state]) }];
  });
}

/** `2 errors, 1 warning, 40 fine` */
export function summary(groups: readonly StatusGroup[]): string {
  const count = (state: StatusLine['state']) =>
    groups.flatMap(({ lines }) => lines).filter((line) => line.state === state).length;
  const many = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${many(count('error'), 'error')}, ${many(count('warning'), 'warning')}, ${count('ok')} fine`;
}
