/** What a version of Dovecot makes of words that every version knows: seen with 2.2.9, or read in its source. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { releases } from '../../../releases/index.ts';
import { isAtLeast } from '../../../releases/version.ts';

const rootOf = (release: string) => `test/golden/${release}/expected/root`;

for (const { name, versions } of releases.values()) {
  const folder = `${rootOf(name)}/etc/dovecot`;
  const texts = ['dovecot.conf', ...readdirSync(`${folder}/box.d`).map((file) => `box.d/${file}`)].map(
    (file) => readFileSync(`${folder}/${file}`, 'utf8').replace(/^\s*#.*$/gm, ''),
  );

  // 2.2.9 goes on with the alias that it was asked about; a mailbox of that name would be made, and be empty.
  test(`${name}: a mailbox is the home that the user query names, whatever name was asked for`, (t) => {
    const places = texts.flatMap((text) =>
      [...text.matchAll(/^\s*(?:mail_location|mail_path) = (.*)$/gm)].map((it) => it[1]),
    );
    t.deepEqual(places, [isAtLeast(versions.dovecot, '2.4') ? '~' : 'maildir:~']);
    const query = readFileSync(`${folder}/dovecot-sql.conf.ext`, 'utf8');
    t.regex(
      query,
      /^(?:user_query|userdb sql \{\n {2}query) = SELECT email AS user,[\s\S]*'\/home\/user-data\/mail\/mailboxes\/'[\s\S]* AS home FROM users/m,
    );
  });

  test(`${name}: people can put into Spam what comes from elsewhere`, (t) => {
    const training = texts.find((text) => /\b(antispam|imap_sieve)\b/.test(text)) ?? '';
    // The plugin's own default refuses it.
    if (training.includes('antispam_backend')) t.regex(training, /^\s*antispam_allow_append_to_spam = yes$/m);
    else t.regex(training, /^\s*(?:imapsieve_mailbox1_causes|cause) = .*\bAPPEND\b/im);
  });

  // Until it has its parameters, 2.2 lets nobody in; of 2048 bits it makes them in minutes.
  test(`${name}: the group for Diffie-Hellman is in the image`, (t) => {
    if (isAtLeast(versions.dovecot, '2.3')) {
      t.regex(texts.join(''), /^(?:ssl_dh = <|ssl_server_dh_file = )\/etc\/ssl\/box\/ffdhe2048\.pem$/m);
      return;
    }
    const root = mkdtempSync(path.join(tmpdir(), 'letterbox-dh-'));
    t.teardown(() => rmSync(root, { recursive: true }));
    cpSync(`${rootOf(name)}/etc/ssl`, path.join(root, 'etc/ssl'), { recursive: true });
    const program = '/usr/lib/box/dovecot-dh';
    t.regex(readFileSync('packer/provision/30-box.sh', 'utf8'), new RegExp(`then ${program}; fi`));
    execFileSync('/usr/bin/python3', ['-IS', `${rootOf(name)}${program}`, root]);
    execFileSync('/usr/bin/python3', ['-IS', `${rootOf(name)}${program}`, root]);
    t.deepEqual(
      groups(readFileSync(path.join(root, 'var/lib/dovecot/ssl-parameters.dat'))).map(({ bits }) => bits),
      [Number(/^ssl_dh_parameters_length = (\d+)$/m.exec(texts.join(''))?.[1])],
    );
  });
}

/** As src/ssl-params and src/login-common of 2.2.9 read the file. @throws Error where it ends early or late */
function groups(file: Buffer): { bits: number; group: Buffer }[] {
  const found: { bits: number; group: Buffer }[] = [];
  for (let at = 0; ; ) {
    const bits = file.readUInt32LE(at);
    at += 4;
    if (bits === 0) {
      if (at !== file.length) throw new Error('more data than expected');
      return found;
    }
    const length = file.readUInt32LE(at);
    at += 4;
    if (at + length > file.length) throw new Error('truncated');
    const group = file.subarray(at, at + length);
    // SEQUENCE { INTEGER prime, INTEGER generator }, the prime with a zero before its first bit.
    const primeBytes = group.readUInt16BE(6);
    if (group[0] !== 0x30 || (primeBytes - 1) * 8 !== bits) throw new Error(`no group of ${bits} bits`);
    found.push({ bits, group });
    at += length;
  }
}
