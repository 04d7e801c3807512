/** Mail from other servers: what the file may hold, and what Dovecot is told. */
import { chmodSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { settingsText } from '../../../../box/move-in/imap/settings-text.ts';
import { readTable } from '../../../../box/move-in/imap/table.ts';
import { TemporaryBox } from '../temporary-box.ts';

const file = '/root/accounts.yaml';
const known = new Set(['me@example.com', 'you@example.com']);

function fresh(t: ExecutionContext, text: string, mode = 0o600) {
  const box = TemporaryBox.fresh(t);
  box.write(file, text);
  chmodSync(box.at(file), mode);
  return { box, read: () => readTable(box.machine, file, known) };
}

test('a table of accounts, each with its server; what is absent is what most have', async (t) => {
  const { read } = fresh(
    t,
    `accounts:
  - { account: me@example.com, host: imap.old.example, password: 0123 }
  - account: you@example.com
    host: 192.0.2.1
    port: 143
    user: you
    password: 'a "b" \\ c%d # e'
    prefix: INBOX
    without: ['[Gmail]/All Mail']
`,
  );
  t.deepEqual(await read(), [
    { account: 'me@example.com', host: 'imap.old.example', port: 993, password: '0123', without: [] },
    {
      account: 'you@example.com',
      host: '192.0.2.1',
      port: 143,
      user: 'you',
      password: 'a "b" \\ c%d # e',
      prefix: 'INBOX',
      without: ['[Gmail]/All Mail'],
    },
  ]);
});

test('a file that others can read is not read', async (t) => {
  const { read } = fresh(t, 'accounts: []', 0o640);
  await t.throwsAsync(read, { message: /must be root’s alone/ });
});

test('every fault is told at once, by its place, and no value is quoted', async (t) => {
  const { read } = fresh(
    t,
    `accounts:
  - { account: me@example.com, host: 'a b', password: "secret\\nimapc_host = x" }
  - { account: me@example.com, host: imap.old.example, pasword: secret2 }
`,
  );
  const error = await t.throwsAsync(read);
  t.regex(error?.message ?? '', /accounts\.0\.host: is no host name and no address/);
  t.regex(error?.message ?? '', /accounts\.0\.password: holds a control character/);
  t.regex(error?.message ?? '', /accounts\.1\.password/);
  t.notRegex(error?.message ?? '', /secret/);
  const { read: others } = fresh(
    t,
    `accounts:
  - { account: nobody@example.com, host: imap.old.example, password: x }
  - { account: me@example.com, host: imap.old.example, password: x }
  - { account: me@example.com, host: imap.old.example, password: y }
`,
  );
  await t.throwsAsync(others, {
    message: /nobody@example\.com is no account of this box; me@example\.com is there twice/,
  });
  const { read: broken } = fresh(t, 'accounts:\n  - { account: "me\n');
  await t.throwsAsync(broken, { message: /line \d+: .* \(YAML\)/ });
});

test('Dovecot is told in its own words, and a value stays a value', (t) => {
  const row = { account: 'me@example.com', host: 'imap.old.example', port: 993, without: [] };
  t.is(
    settingsText({ ...row, user: 'me%1', password: 'a "b" \\ c # %d' }, 'protocols = imap\n'),
    `!include /etc/dovecot/move-in.conf
imapc_host = imap.old.example
imapc_port = 993
imapc_ssl = imaps
imapc_user = "me%%1"
imapc_password = "a \\"b\\" \\\\ c # %d"
`,
  );
  const newer = '# Words.\n\ndovecot_config_version = 2.4.1\nprotocols = imap\n';
  t.regex(
    settingsText({ ...row, password: '%d%{e}' }, newer),
    /^dovecot_config_version = 2\.4\.1\n!include [\s\S]*imapc_password = "%d%%\{e\}"\n/,
  );
  t.regex(
    settingsText({ ...row, port: 143, password: 'x', prefix: 'INBOX' }, newer),
    /imapc_ssl = starttls\n[\s\S]*imapc_list_prefix = "INBOX"\n/,
  );
});
