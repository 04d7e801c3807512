/** How each daemon's configuration is read for its words, as far as the box's own files need it. */

export interface Text {
  readonly file: string;
  readonly text: string;
}

interface Daemon {
  readonly files: RegExp;
  readonly read: (text: Text) => string[];
  /** Versions that decide nothing in the builder, by release. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** The first group of each match. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** Without lines that are comments. */
const bare = (text: string, mark = '#') =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith(mark))
    .join('\n');

const firstWords = ({ text }: Text) => all(bare(text), /^[ \t]*([\w-]+)(?=[ \t]|$)/gm);
/** Of a daemon that does not mind capitals. */
const firstWordsSmall = (text: Text) => firstWords(text).map((word) => word.toLowerCase());
const beforeColon = ({ text }: Text) => all(bare(text), /^[ \t]*([\w-]+):/gm);

/** Parameters, and the words of restrictions, wherever these are listed. */
function postfix({ file, text }: Text): string[] {
  const lines = bare(text);
  if (!file.endsWith('/main.cf') && !file.endsWith('/master.cf'))
    return all(lines, /^(\w+)[ \t]*=/gm).map((name) => `sqlite/${name}`);
  const restrictions = all(lines, /\b((?:check|defer|permit|reject|warn_if)_\w+)\b(?![ \t]*=)/g);
  return [...all(lines, /^(\w+)[ \t]*=/gm), ...all(lines, /[ \t]-o (\w+)=/g), ...restrictions];
}

/** Blocks whose lines are names of plug-ins, protocols and extensions with a yes. */
const listBlocks = /^(mail_plugins|protocols|sieve_plugins|sieve_global_extensions)$/;

/**
 * Settings and the kinds of their blocks. Before 2.4 what plug-ins read is in blocks of that name, some of it numbered; since then
 * a block's name may be left out before what stands in it, as Pigeonhole's is here.
 */
function dovecot({ file, text }: Text): string[] {
  const found: string[] = [];
  const open: string[] = [];
  for (const line of bare(text).replace(/\\\n/g, ' ').split('\n')) {
    const [, name = '', rest = ''] = /^\s*(!?\w+)\s*(.*)$/.exec(line) ?? [];
    const block = open.at(-1) ?? '';
    const word =
      block === 'plugin'
        ? `plugin/${name.replace(/\d+(?=_|$)/, 'N')}`
        : block === 'sieve_script'
          ? `sieve_script_${name}`
          : name;
    // Debian 12 has no such plug-in, and its versions of 2014 could not be found: docs/ubuntu-14.04.md.
    if (name !== '' && !name.startsWith('antispam_') && !listBlocks.test(block)) found.push(word);
    if (rest.endsWith('{')) open.push(name);
    if (line.trim() === '}') open.pop();
  }
  return file.endsWith('-sql.conf.ext') && !found.includes('sql_driver')
    ? found.map((word) => `sql/${word}`)
    : found;
}

const sieveWords = /^(plugin\/)?(imap)?sieve(_|$)/;

/** What stands at the beginning of a statement; the lines of a map are none. */
function nginx({ text }: Text): string[] {
  const found: string[] = [];
  const open: string[] = [];
  let words: string[] = [];
  for (const [token] of bare(text).matchAll(
    /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[;{}]|(?:\$\{|[^\s;{}"']|(?<=[\d,)\]a-z])\{\d+,?\d*\})+/g,
  )) {
    if (!/^[;{}]$/.test(token)) {
      words.push(token);
      continue;
    }
    const name = words[0];
    if (name !== undefined && !/^(map|geo|types)$/.test(open.at(-1) ?? '')) found.push(name);
    if (token === '{') open.push(name ?? '');
    if (token === '}') open.pop();
    words = [];
  }
  return found;
}

/** Modules, keys of the first column and datasources. A module has a dash in its name where an older version had a line. */
function cloudInit({ text }: Text): string[] {
  const lines = bare(text);
  const sources = all(lines, /^datasource_list: \[ (.*) \]$/gm).flatMap((list) => list.split(', '));
  return [
    ...all(lines, /^ {2}- ([\w-]+)$/gm).map((name) => `module/${name.replaceAll('_', '-')}`),
    ...sources.map((name) => `datasource/${name}`),
    ...all(lines, /^(\w+):/gm),
  ];
}

/** Statements and their parameters, directives of the older kind, properties with what is done to them, and variables. */
function rsyslog({ text }: Text): string[] {
  const lines = bare(text);
  const properties = all(lines, /%([\w-]+(?::[^%]*)?)%/g).flatMap((property) => property.split(/[:,]/));
  return [
    ...all(lines, /\b(module|template|ruleset|action|input)\(/g),
    ...all(lines, /[\s(]([A-Za-z][\w.]*)="/g),
    ...all(lines, /^\$(\w+)/gm).map((name) => `$${name}`),
    ...properties.filter((word) => /^[a-zA-Z][\w-]*$/.test(word)).map((name) => `%${name}%`),
    ...all(lines, /\(load="(\w+)"/g),
    ...all(lines, /action\(type="(\w+)"/g),
    ...all(lines, /\s\$(!?\w+)/g).map((name) => `$${name}`),
    ...all(lines, /(?:&|then) (stop|call|action)\b/g),
    ...all(lines, /:(omusrmsg):/g),
  ];
}

const old = 'ubuntu-14.04';
const now = 'debian-12';
const next = 'debian-13';

export const daemons: Readonly<Record<string, Daemon>> = {
  postfix: { files: /^\/etc\/postfix\/.*\.cf$/, read: postfix },
  dovecot: {
    files: /^\/etc\/dovecot\/.*\.(conf|ext)$/,
    read: (text) => dovecot(text).filter((word) => !sieveWords.test(word)),
  },
  pigeonhole: {
    files: /^\/etc\/dovecot\/box\.d\/.*(sieve|training)\.conf$/,
    read: (text) => dovecot(text).filter((word) => sieveWords.test(word)),
    versions: { [old]: '0.4.2', [now]: '0.5.19', [next]: '2.4.1' },
  },
  nginx: { files: /^\/etc\/nginx\/.*\.conf$/, read: nginx },
  nsd: { files: /^\/etc\/nsd\/.*\.conf$/, read: beforeColon },
  unbound: {
    files: /^\/etc\/unbound\/.*\.conf$/,
    read: beforeColon,
    versions: { [now]: '1.17.1', [next]: '1.22.0' },
  },
  bind: {
    files: /^\/etc\/bind\/named\.conf/,
    read: ({ text }) => all(bare(text, '//'), /^[ \t]*([\w-]+)(?=[ \t])/gm),
    versions: { [old]: '9.9.5' },
  },
  opendkim: {
    files: /^\/etc\/opendkim\.conf$/,
    read: firstWordsSmall,
    versions: { [old]: '2.9.1', [now]: '2.11.0', [next]: '2.11.0' },
  },
  opendmarc: { files: /^\/etc\/opendmarc\.conf$/, read: firstWordsSmall },
  openssh: {
    files: /^\/etc\/ssh\//,
    read: firstWordsSmall,
    versions: { [old]: '6.6', [now]: '9.2', [next]: '10.0' },
  },
  chrony: { files: /^\/etc\/chrony\//, read: firstWords, versions: { [now]: '4.3', [next]: '4.6.1' } },
  spamassassin: {
    files: /^\/etc\/spamassassin\/.*\.cf$/,
    read: firstWords,
    versions: { [old]: '3.4.0', [now]: '4.0.0', [next]: '4.0.1' },
  },
  fail2ban: {
    files: /^\/etc\/fail2ban\/.*\.conf$/,
    read: ({ text }) => [
      ...all(bare(text), /^(\w+)[ \t]*=/gm),
      ...all(text, /^\[\w+\?(\w+)=\w+\]$/gm).map((name) => `[?${name}]`),
    ],
  },
  rsyslog: {
    files: /^\/etc\/rsyslog(\.d\/.*)?\.conf$/,
    read: rsyslog,
    versions: { [old]: '7.4.4', [now]: '8.2302.0', [next]: '8.2504.0' },
  },
  ntp: {
    files: /^\/etc\/ntp\.conf$/,
    read: ({ text }) => all(bare(text), /(?<![\w.])([a-z]{3,})(?=\s)/g),
    versions: { [old]: '4.2.6' },
  },
  cloudInit: { files: /^\/etc\/cloud\//, read: cloudInit },
};
