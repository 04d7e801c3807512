/** What the box's checks are about, by their titles: a group, and which meaning they have for mail. Data. */
import type { Words } from './english/index.ts';

export type Group = keyof Words['status']['groups'];
export type Meaning = keyof Words['status']['meanings'];
type Program = keyof Words['status']['programs'];

export interface CheckKind {
  readonly group: Group;
  readonly title: RegExp;
  readonly meaning: Meaning;
}

const of = (group: Group, meaning: Meaning, title: RegExp): CheckKind => ({ group, title, meaning });

/** The first that fits counts. */
export const kinds: readonly CheckKind[] = [
  of('start', 'start', /^(boot|fence)$/),
  of('services', 'port', /, port \d+$/),
  of('services', 'addresses', /^addresses$/),
  of('services', 'webSites', /^web sites$/),
  of('dns', 'zone', /^zone /),
  of('dns', 'delegation', /^delegation of /),
  of('dns', 'dnssec', /^DNSSEC of /),
  of('dns', 'upkeep', /^(secondary name server|rollover|key rollover|DNS$|custom DNS|IPv[46] address)/),
  of('mail', 'accounts', /^accounts$/),
  of('mail', 'dkim', /^DKIM/),
  of('mail', 'policies', /^policies of /),
  of('mail', 'reverseName', /^name of /),
  of('mail', 'blockLists', /^block lists /),
  of('mail', 'mailOut', /^mail out$/),
  of('mail', 'queue', /^mail queue$/),
  of('mail', 'required', /required alias|^alias/),
  of('security', 'certificate', /^(TLS certificate|certificate by ACME)/),
  of('security', 'breakIns', /^(ssh|brute force)/),
  of('security', 'updates', /updates$/),
  of('system', 'clock', /^clock$/),
  of('system', 'diskHealth', /^disk health/),
  of('system', 'backups', /^backups$/),
  of('system', 'disk', /^disk/),
  of('system', 'image', /^image$/),
  of('system', 'published', /^published image$/),
  of('system', 'memory', /^memory/),
];

/** What the programs of a box do; others have the last meaning. */
export const programs: readonly (readonly [name: RegExp, meaning: Program])[] = [
  [/^postfix/, 'postfix'],
  [/^dovecot/, 'dovecot'],
  [/^(nsd|bind)/, 'nameServer'],
  [/^(unbound|resolver)/, 'resolver'],
  [/^opendkim/, 'opendkim'],
  [/^opendmarc/, 'opendmarc'],
  [/^postgrey/, 'postgrey'],
  [/^(spampd|spamassassin)/, 'spam'],
  [/^box-senders/, 'senders'],
  [/^box-outbound-tls/, 'outboundTls'],
  [/^nginx/, 'nginx'],
  [/^box-(keeper|panel)/, 'panel'],
  [/^fail2ban/, 'fail2ban'],
  [/./, 'other'],
];
