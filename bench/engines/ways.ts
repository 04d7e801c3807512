/** The ways to search that are compared: each a folder of Dovecot's configuration in the box, and an account. */
import type { LabBox } from '../../test/lab/world/nspawn.ts';

export interface Way {
  readonly title: string;
  readonly account: string;
  /** Dovecot's whole configuration of it. */
  readonly configuration: string;
  /** A unit that does a part of the work. */
  readonly service: string;
  /** Command lines of whatever fills it: what is killed. */
  readonly fills: readonly string[];
}

const way = (name: string, title: string, folder: string, service = ''): Way => ({
  title,
  account: `${name}@example.com`,
  configuration: `${folder}/dovecot.conf`,
  service,
  fills: service === '' ? ['^doveadm '] : ['[s]earch/service.py', '^doveadm '],
});

/** Reads the mails of the account that the first way has. */
export const reading = way('index', 'reading', '/etc/dovecot-reading');
export const ours = way('index', 'the box’s index', '/etc/dovecot', 'box-search.service');
/** As the package sets it up: it takes words apart as a search engine does. */
export const packaged = way('packaged', 'flatcurve as packaged', '/etc/dovecot-packaged');
/** What comes nearest to any part of a word: no stems, no words left out, and nothing cut that its index can hold. */
export const widest = way('widest', 'flatcurve, widest', '/etc/dovecot-widest');

const flatcurve = `mail_plugins {
  fts = yes
  fts_flatcurve = yes
}
fts flatcurve {
  substring_search = yes
}
fts_autoindex = yes
fts_search_timeout = 30s
`;
const settings: Readonly<Record<string, string>> = {
  '/etc/dovecot-reading': '',
  '/etc/dovecot-packaged': `${flatcurve}language_filters = normalizer-icu snowball stopwords
language_tokenizers = generic email-address
language en {
  default = yes
  filters = lowercase snowball english-possessive stopwords
}
`,
  '/etc/dovecot-widest': `${flatcurve}language_filters = normalizer-icu
language_tokenizers = generic
language_tokenizer_generic_token_maxlen = 250
language en {
  default = yes
}
`,
};

/** Makes the configurations, from the box's own without its search. */
export async function prepare(box: LabBox): Promise<void> {
  for (const [folder, text] of Object.entries(settings)) {
    await box.run(`cp -a /etc/dovecot ${folder} && rm -rf ${folder}/conf.d ${folder}/box.d/*-search.conf`);
    await box.run(`cat >${folder}/box.d/50-search.conf && doveconf -c ${folder}/dovecot.conf -n`, text);
  }
}

/** Says that the box's index of an account has all its mails, as box-fill-search does when it is through. */
export const isFilled = (box: LabBox, account: string): Promise<string> =>
  box.run(`python3 -c 'import http.client
connection = http.client.HTTPConnection("127.0.0.1", 8983)
connection.request("POST", "/filled?account=${encodeURIComponent(account)}")
assert connection.getresponse().status == 200'`);
