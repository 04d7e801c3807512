/** A relay host: from the settings into Postfix's lookups, and out of them again. */
import { readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { relayFiles } from '../../../../box/init/steps/relay.ts';
import { parseSettings } from '../../../../box/machine/settings-file.ts';
import { releases } from '../../../../releases/index.ts';
import { settings, TemporaryBox } from '../temporary-box.ts';

const relay = { host: 'smtp.relay.example', port: 587, username: 'me', password: 'hunter2 and: more' };
const files = [
  '/etc/postfix/relay-host',
  '/etc/postfix/relay-password',
  '/etc/postfix/relay-tls-policy',
] as const;

test('box init writes the lookups, the password for root alone', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.settle({ relay });
  await box.init(t);
  t.deepEqual(
    files.map((file) => box.read(file).split('\n')[1]),
    [
      '/^/ [smtp.relay.example]:587',
      '[smtp.relay.example]:587 me:hunter2 and: more',
      '[smtp.relay.example]:587 secure match=smtp.relay.example',
    ],
  );
  t.is(statSync(box.at('/etc/postfix/relay-password')).mode & 0o777, 0o600);
  t.true(box.ran.includes('service postfix reload'));
  t.notRegex(box.read('/etc/box/box.env') + box.read('/run/box/ready.json') + box.said.join('\n'), /hunter2/);
});

test('without a relay host the files are the image’s own, and a box that had one forgets it', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.settle({ relay });
  await box.init(t);
  box.settle({});
  await box.init(t);
  for (const release of releases.keys()) {
    const image = `test/golden/${release}/expected`;
    for (const file of files) t.is(box.read(file), readFileSync(`${image}/root${file}`, 'utf8'), file);
    t.regex(readFileSync(`${image}/modes.txt`, 'utf8'), new RegExp(`^0600 root:root ${files[1]} `, 'm'));
  }
});

test('settings that Postfix’s tables could misread are refused, and the password is not shown', (t) => {
  const bad = [
    { port: 465 },
    { port: 0 },
    { host: 'smtp.relay.example]:25 [evil.example' },
    { username: 'me:you' },
    { username: 'me you' },
    { password: 'hunter2\n[other]:25 a:b' },
    { password: ' hunter2' },
    { password: '' },
  ];
  for (const changed of bad) {
    const text = JSON.stringify({ ...settings, relay: { ...relay, ...changed } });
    const error = t.throws(() => parseSettings(text), { name: 'Failure' }, JSON.stringify(changed));
    t.notRegex(error?.message ?? '', /hunter2/);
    t.regex(error?.message ?? '', /relay\./);
  }
});

test('the first line of each file is a comment', (t) => {
  for (const { text } of relayFiles(relay)) t.regex(text, /^# .*\n\S.*\n$/);
});
