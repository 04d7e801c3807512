import { rmSync } from 'node:fs';
import test from 'ava';
import { settings, TemporaryBox } from '../temporary-box.ts';

interface Bad {
  readonly what: string;
  readonly prepare: (box: TemporaryBox) => void;
  readonly step: string;
  readonly error: RegExp;
}
const bad: Bad[] = [
  {
    what: 'no settings',
    prepare: (box) => rmSync(box.at('/etc/box/settings.json')),
    step: 'settings',
    error: /^no settings: there is no user-data: cloud-init looked for .*, and found none of them$/,
  },
  {
    what: 'settings that are no JSON',
    prepare: (box) => box.write('/etc/box/settings.json', '{"admin": "$6$secret'),
    step: 'settings',
    error: /settings\.json is not JSON( at byte \d+ \(line 1, column \d+\)|: it ends)/,
  },
  {
    what: 'a newer format',
    prepare: (box) => box.write('/etc/box/settings.json', JSON.stringify({ ...settings, format: 2 })),
    step: 'settings',
    error: /has format 2; this image knows format 1/,
  },
  {
    what: 'a bad host name',
    prepare: (box) => box.settle({ hostname: 'Box' }),
    step: 'settings',
    error: /^settings: hostname: is not a fully qualified host name/,
  },
  {
    what: 'a host name too long for Linux',
    prepare: (box) => box.settle({ hostname: `${'a'.repeat(60)}.example.com` }),
    step: 'settings',
    error: /hostname: is longer than the 64 characters/,
  },
  {
    what: 'an unknown key',
    prepare: (box) => box.write('/etc/box/settings.json', JSON.stringify({ ...settings, colour: 'red' })),
    step: 'settings',
    error: /colour/,
  },
  {
    what: 'no volume where one is set',
    prepare: (box) => box.settle({ storage: { device: '/dev/vdb' } }),
    step: 'state volume',
    error: /^\/dev\/vdb is not mounted at \/home\/user-data$/,
  },
  {
    what: 'a storage root of the future',
    prepare: (box) => box.write('/home/user-data/mailinabox.version', '16\n'),
    step: 'state volume',
    error: /layout version 16; this image knows 15/,
  },
  {
    what: 'a storage root of 2016',
    prepare: (box) => box.write('/home/user-data/mailinabox.version', '10\n'),
    step: 'state volume',
    error: /layout version 10; this image reads 15 only/,
  },
  {
    what: 'state without a version',
    prepare: (box) => box.write('/home/user-data/mail/users.sqlite', 'x'),
    step: 'state volume',
    error: /its mailinabox\.version is missing or empty/,
  },
  {
    what: 'somebody’s files',
    prepare: (box) => box.write('/home/user-data/photos/one', 'x'),
    step: 'state volume',
    error: /\/home\/user-data holds what is no box’s: photos$/,
  },
  {
    what: 'no state where this root disk has had one',
    prepare: (box) => box.write('/etc/box/state-id', 'f7c0\n'),
    step: 'state volume',
    error: /\/home\/user-data has no state in it, and this box has had one/,
  },
  {
    what: 'another state than this root disk has had',
    prepare: (box) => {
      box.write('/etc/box/state-id', 'f7c0\n');
      box.write('/home/user-data/state-id', '1234\n');
      box.write('/home/user-data/mailinabox.version', '15\n');
    },
    step: 'state volume',
    error: /\/home\/user-data holds another state than this box has had/,
  },
  {
    what: 'an unknown time zone',
    prepare: (box) => box.settle({ timezone: 'Europe/Atlantis' }),
    step: 'time zone',
    error: /^there is no time zone Europe\/Atlantis$/,
  },
  {
    what: 'a damaged database',
    prepare: (box) => {
      box.write('/home/user-data/mailinabox.version', '15\n');
      box.write('/home/user-data/mail/users.sqlite', 'no database at all'.repeat(99));
    },
    step: 'accounts',
    error: /users\.sqlite: file is not a database/,
  },
];
for (const { what, prepare, step, error } of bad) {
  test(`${what}: init fails, says so, and the box stays closed`, async (t) => {
    const box = TemporaryBox.fresh(t);
    prepare(box);
    t.is(await box.box('init'), 1);
    const report = box.report();
    t.is(report.stage, 'failed');
    t.is(report.step, step);
    t.regex(String(report.error), error);
    t.truthy(report.hint);
    const line = JSON.parse(box.said.at(-1)?.replace(/^letterbox: /, '') ?? '');
    t.like(line, { stage: 'failed', step, error: report.error, hint: report.hint });
    t.notRegex(box.said.join('\n') + box.read('/run/box/ready.json'), /\$6\$/);
    t.regex(box.read('/run/box/motd'), /stays CLOSED/);
    t.is(await box.box('ready'), 1);
    t.false(box.ran.includes('fence open'));
  });
}
