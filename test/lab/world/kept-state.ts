/** What a box keeps for its people, read from the box itself: by this two images on one disk are compared. */
import type { LabBox } from './nspawn.ts';

const root = '/home/user-data';

/** Each kind of state as text that is the same as long as nothing of it has changed. */
export type KeptState = Readonly<Record<keyof typeof questions, string>>;

const eachAccount = (script: string) =>
  `for account in $(sqlite3 ${root}/mail/users.sqlite 'SELECT email FROM users ORDER BY email'); do ${script}; done`;

const tables = `SELECT format('SELECT %L, count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM public.%I t', tablename, tablename)
  FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'sogo_sessions_folder' ORDER BY tablename \\gexec`;

const questions = {
  keys: `cd ${root} && sha256sum ssl/*.pem mail/dkim/*.* mail/srs-secret dns/dnssec/* backup/secret_key.txt backup/ssh_key`,
  ds: 'box dns ds --json',
  // A wait begins anew at each boot; what is waited for stays.
  rollover: `test ! -e ${root}/dns/rollovers.json || python3 -c "
import json
for kind, it in sorted(json.load(open('${root}/dns/rollovers.json')).items()):
  if isinstance(it, dict): print(kind, it['phase'], it['pairs'])"`,
  accounts: `sqlite3 ${root}/mail/users.sqlite .dump | sort`,
  uids: eachAccount(
    `doveadm -f tab fetch -u "$account" 'mailbox uid guid flags date.received size.physical' all | sort`,
  ),
  mailboxes: eachAccount(
    `doveadm -f tab mailbox status -u "$account" 'messages unseen uidvalidity uidnext highestmodseq guid' '*' | sort; doveadm mailbox list -s -u "$account" | sort`,
  ),
  // After those, which take new mail in. Names say the flags.
  mails: `cd ${root}/mail/mailboxes && find . '(' -path '*/cur/*' -o -path '*/new/*' ')' -type f -exec sha256sum '{}' + | sort -k 2`,
  filters: eachAccount(
    `doveadm sieve list -u "$account"; doveadm sieve list -u "$account" | while read -r name active; do doveadm sieve get -u "$account" "$name"; done`,
  ),
  calendars: `runuser -u postgres -- psql -h /run/postgresql -XAtq sogo <<'END'\n${tables}\nEND`,
  webmail: `sqlite3 ${root}/mail/roundcube/roundcube.sqlite 'SELECT username, mail_host, language, preferences FROM users; SELECT email, name, signature FROM identities'`,
  spam: `runuser -u spampd -- sa-learn --dump magic 2>/dev/null | grep -E 'nspam|nham|ntokens' || true`,
  // Users have other numbers on another image.
  owners: `cd ${root} && find . -path ./groupware/postgresql -prune -o ! -path './mail/mailboxes/*' -type f -printf '%p %M %u:%g\\n' | grep -E '^./(ssl|dns/dnssec|mail/(dkim|sieve|users|roundcube/roundcube.sqlite |postgrey/db/postgrey|spamassassin/bayes_(seen|toks)))' | sort`,
} as const;

export async function keptState(box: LabBox): Promise<KeptState> {
  const found: Record<string, string> = {};
  for (const [kind, script] of Object.entries(questions)) found[kind] = await box.run(script);
  return found as KeptState;
}
