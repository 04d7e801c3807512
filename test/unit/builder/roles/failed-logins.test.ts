/** The filters of fail2ban before the lines of each door, as the programs of each release write them. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { releases } from '../../../../releases/index.ts';

const from = '203.0.113.7';
const elsewhere = '192.0.2.1';
const md5 = '43:51:43:a1:b5:fc:8b:b7:0a:3a:a9:b1:0f:66:73:a8';

/** Lines of /var/log/failed-logins.log behind the time: program, colon, message. Each is one of the stranger's at `from`. */
const counted: Readonly<Record<string, readonly string[]>> = {
  'box-sshd': [
    // OpenSSH 6.6, which of a wrong key for root says nothing with an address, 9.2, and 10.0, where a session is another program.
    `sshd: Invalid user admin from ${from}`,
    `sshd: Invalid user admin from ${from} port 40022`,
    `sshd-session: Invalid user admin from ${from} port 40022`,
    `sshd: Failed none for invalid user admin from ${from} port 40022 ssh2`,
    `sshd: Connection closed by authenticating user root ${from} port 40022 [preauth]`,
    `sshd: Disconnecting authenticating user root ${from} port 40022: Too many authentication failures [preauth]`,
    `sshd: Invalid user x from ${elsewhere} port 22 from ${from} port 40022`,
    `sshd: Failed none for invalid user x from ${elsewhere} port 22 ssh2: RSA ${md5} from ${from} port 40022 ssh2`,
  ],
  // Dovecot 2.2.9, 2.3.19 and 2.4.1, for IMAP, POP, ManageSieve and, by Postfix, submission.
  'box-mail': [
    `dovecot: auth-worker(101): sql(me@example.com,${from}): Password mismatch`,
    `dovecot: auth-worker(101): sql(nobody@example.com,${from}): unknown user`,
    `dovecot: auth-worker(101): sql(me@example.com,${from},<abc+/=>): Password mismatch`,
    `dovecot: auth-worker(1): conn unix:auth-worker (pid=2,uid=3): auth-worker<1>: sql(me@example.com,${from},<abc>): Password mismatch`,
    `dovecot: auth-worker(me@example.com,${from},sasl:plain)<12><abc+/=>: request [1]: sql: Password mismatch`,
    `dovecot: auth-worker(nobody@example.com,${from},sasl:login)<12>: request [2]: sql: unknown user`,
  ],
  'box-panel': [
    `box-keeper: Mail-in-a-Box Management Daemon: Failed login attempt from ip ${from} - timestamp 1700000000.52`,
  ],
  'box-webmail': [`box-webmail-log-in: Failed login attempt from ip ${from}`],
};

/** Lines that no filter may count: nobody failed, or a stranger would choose who did. */
const passedBy: readonly string[] = [
  `sshd: Accepted publickey for root from ${from} port 40022 ssh2: RSA ${md5}`,
  `sshd: Failed publickey for root from ${from} port 40022 ssh2: RSA-CERT ID x from ${elsewhere} port 1 ssh2: y (serial 0) CA RSA ${md5}`,
  `dovecot: imap-login: Login: user=<me@example.com>, method=PLAIN, rip=${from}`,
  `box-keeper: {"route":"Mail-in-a-Box Management Daemon: Failed login attempt from ip ${elsewhere} - timestamp 1"}`,
  `groupware: asked: failed log-in from ${elsewhere}`,
];

for (const release of releases.keys()) {
  const folder = `test/golden/${release}/expected/root/etc/fail2ban/filter.d`;
  const filters = readdirSync(folder).filter((name) => name.startsWith('box-'));

  for (const [name, lines] of Object.entries(counted))
    test(`${release}: ${name} counts each line of its door once, against who wrote it`, (t) => {
      const patterns = patternsOf(`${folder}/${name}.conf`);
      for (const line of lines)
        t.deepEqual(
          patterns.flatMap((pattern) => pattern.exec(line)?.groups?.host ?? []),
          [from],
          line,
        );
    });

  test(`${release}: what is no failure, or names somebody else in a stranger's words, is counted by no filter`, (t) => {
    t.true(filters.length >= 4);
    for (const name of filters)
      for (const pattern of patternsOf(`${folder}/${name}`))
        for (const line of passedBy) t.false(pattern.test(line), `${name}: ${line}`);
  });
}

test('a guess that is made again is a line again: equal ones are not summed up where the package would have it so', (t) => {
  const folder = 'test/golden/ubuntu-14.04/expected/root/etc/rsyslog.d';
  const files = readdirSync(folder).sort();
  const text = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
  const off = files.findIndex((name) => /^\$RepeatedMsgReduction off$/m.test(text(name)));
  const firstRule = files.findIndex((name) => /^(?:[a-z*][\w,*;.]*\s|if )/m.test(text(name)));
  t.true(off >= 0 && off < firstRule, files.join(' '));
});

/** The lines of `failregex`, with the group that fail2ban 0.8 puts in the place of `<HOST>`. */
function patternsOf(file: string): RegExp[] {
  const [, lines = ''] = /^failregex = ((?:.*\n)(?:\s+.*\n)*)/m.exec(readFileSync(file, 'utf8')) ?? [];
  const patterns = lines.split('\n').map((line) => line.trim());
  return patterns
    .filter((line) => line !== '')
    .map((line) => new RegExp(line.replace('<HOST>', '(?:::f{4,6}:)?(?<host>[\\w\\-.^_]+)')));
}
