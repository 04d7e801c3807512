/** What each check of the box is about, in groups: the API gives its words as `title: what is found`. Pure. */
import type { PanelPage, StatusEntry } from '../../contract/api.ts';

/** Milliseconds since 1970. */
export const checkedAt = (shown: readonly StatusEntry[]) =>
  Date.parse(shown.find(({ type }) => type === 'heading')?.checked_at ?? '');

export interface Fact {
  readonly title: string;
  readonly found: string;
}
/** One finding, or several that are fine and mean the same. */
export interface StatusLine {
  readonly state: 'ok' | 'warning' | 'error';
  readonly facts: readonly Fact[];
  readonly meaning: string;
  readonly remedies: readonly string[];
  /** Where it is mended. */
  readonly page?: PanelPage;
}
export interface StatusGroup {
  readonly name: string;
  readonly lines: readonly StatusLine[];
}

/** The first that fits counts. */
const kinds: readonly (readonly [group: string, title: RegExp, meaning: string])[] = [
  ['Start', /^(boot|fence)$/, 'The box opens its ports to the network only after a start that went well.'],
  ['Services', /, port \d+$/, 'Where it does not answer, others can’t use this service of the box.'],
  ['Services', /^addresses$/, 'The world reaches the box at these addresses, and at no other.'],
  ['Services', /^web sites$/, 'Your domains’ pages are served from them.'],
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
  ['Mail', /^policies of /, 'Other servers judge mail in the domain’s name by what they see here.'],
  ['Mail', /^name of /, 'Many servers refuse mail from an address without a name of its own.'],
  ['Mail', /^block lists /, 'Servers that ask these lists refuse mail from whoever is on them.'],
  ['Mail', /^mail out$/, 'Where port 25 is blocked, mail leaves by a relay only.'],
  ['Mail', /^mail queue$/, 'Mail that waits long was not taken by its recipients’ servers.'],
  ['Mail', /required alias|^alias/, 'Others report problems and abuse to these addresses.'],
  ['Security', /^(TLS certificate|certificate by ACME)/, 'Mail programs and browsers trust the box by it.'],
  ['Security', /^(ssh|brute force)/, 'Strangers try passwords all day; this keeps them out.'],
  ['Security', /updates$/, 'Known holes of programs are closed by updates.'],
  ['System', /^clock$/, 'Signatures, certificates and one-time codes need the right time.'],
  ['System', /^disk health/, 'A disk that fails takes the mail with it.'],
  ['System', /^backups$/, 'They bring back what is lost on this box.'],
  ['System', /^disk/, 'A full disk takes no more mail.'],
  ['System', /^image$/, 'Whoever baked it can tell by this number what is in it.'],
  ['System', /^published image$/, 'A newer image brings a newer Letterbox, and newer packages.'],
  ['System', /^memory/, 'Without memory the kernel ends programs, the largest first.'],
];
/** What the programs of a box do; others have the last meaning. */
const services: readonly (readonly [name: RegExp, meaning: string])[] = [
  [/^postfix/, 'It takes mail, and sends it.'],
  [/^dovecot/, 'It keeps the mail, and gives it to mail programs.'],
  [/^(nsd|bind)/, 'It tells the world about your domains.'],
  [/^(unbound|resolver)/, 'It finds other servers’ names and checks them.'],
  [/^opendkim/, 'It signs your mail, and checks the signatures of others.'],
  [/^opendmarc/, 'It recognises mail with a forged sender.'],
  [/^postgrey/, 'It makes strangers try twice, which spammers rarely do.'],
  [/^(spampd|spamassassin)/, 'It sorts out spam.'],
  [/^box-senders/, 'It knows who may send as whom; without it nobody can send.'],
  [/^box-outbound-tls/, 'It knows which servers must be spoken to in cipher only.'],
  [/^nginx/, 'It serves this panel and the web.'],
  [/^box-(keeper|panel)/, 'A half of this panel.'],
  [/^fail2ban/, 'It shuts out who guesses passwords.'],
  [/./, 'A part of the box: without it something stands still.'],
];
const order = ['Start', 'Services', 'Mail', 'DNS', 'Security', 'System'];
const rank = { error: 0, warning: 1, ok: 2 };

/** Groups with something wrong come first, and so does what is wrong in each. */
export function statusGroups(shown: readonly StatusEntry[]): StatusGroup[] {
  const lines = shown.flatMap(({ type, text, extra, page }) => {
    if (type === 'heading') return [];
    const at = text.indexOf(': ');
    const [title, found] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 2)];
    const kind = kinds.find(([, pattern]) => pattern.test(title));
    const [group, meaning] = kind
      ? [kind[0], kind[2]]
      : ['Services', services.find(([name]) => name.test(title))?.[1] ?? ''];
    const facts = [{ title, found }];
    const remedies = extra.map((one) => one.text);
    return [
      { group, line: { state: type, facts, meaning, remedies, ...(page === undefined ? {} : { page }) } },
    ];
  });
  const groups = order.map((name) => ({
    name,
    lines: merged(lines.filter(({ group }) => group === name).map(({ line }) => line)),
  }));
  return groups.filter((group) => group.lines.length > 0).sort((a, b) => worst(a) - worst(b));
}

function merged(lines: readonly StatusLine[]): StatusLine[] {
  const made: StatusLine[] = [];
  for (const line of [...lines].sort((a, b) => rank[a.state] - rank[b.state])) {
    const like = made.findIndex(({ state, meaning }) => state === 'ok' && meaning === line.meaning);
    const same = made[like];
    if (same === undefined || line.remedies.length > 0) made.push(line);
    else made[like] = { ...same, facts: [...same.facts, ...line.facts] };
  }
  return made;
}

const worst = ({ lines }: StatusGroup) => Math.min(...lines.map(({ state }) => rank[state]));

/** `2 errors, 1 warning, 40 fine` */
export function summary(groups: readonly StatusGroup[]): string {
  const count = (state: StatusLine['state']) =>
    groups
      .flatMap(({ lines }) => lines)
      .filter((line) => line.state === state)
      .flatMap(({ facts }) => facts).length;
  const many = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${many(count('error'), 'error')}, ${many(count('warning'), 'warning')}, ${count('ok')} fine`;
}
