/** People type their name with capitals, blanks and umlauts, and a password of several words: every door opens alike. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { outcome } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { doors } from './world/doors.ts';
import { makeLab } from './world/lab.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-typed-names');
const password = ' correct Horse: "battery" stäple 100% ';
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  // The second is a neighbour whose name the first must not open.
  for (const email of ['O.K@Example.com', 'ok@example.com', 'me@bücher.example'])
    await box.run(
      `box account add '${email}'`,
      `${email === 'ok@example.com' ? 'another password' : password}\n`,
    );
  return { lab, box };
});

const spellings: [name: string, typed: string][] = [
  ['as the box keeps it', 'o.k@example.com'],
  ['with capitals', 'O.K@Example.com'],
  ['with a blank behind it, as telephones fill it in', 'o.k@example.com '],
  ['with a blank before it', ' O.k@example.com'],
  ['with the wide at sign of a Japanese keyboard', 'o.k＠example.com'],
  ['in Unicode', 'me@bücher.example'],
  ['in Unicode with capitals', 'Me@BÜCHER.Example'],
  ['in Unicode, decomposed', `me@${'bücher'.normalize('NFD')}.example`],
  ['in the DNS’s ASCII', 'me@xn--bcher-kva.example'],
];

for (const [what, email] of spellings)
  test(`a name ${what} opens every door, with a password of several words`, async (t) => {
    const { box } = await ready;
    const said = await Promise.all(
      doors.map(async ({ name, knock }) => `${name}: ${await knock(box, { email, password })}`),
    );
    t.deepEqual(
      said,
      doors.map(({ name }) => `${name}: open`),
    );
  });

/** What fail2ban finds in the log that it reads: this client is on its allow-list, and never banned. */
const counted = async (filter: string): Promise<number> => {
  const { box } = await ready;
  const found = await box.run(
    `fail2ban-regex /var/log/failed-logins.log /etc/fail2ban/filter.d/${filter}.conf`,
  );
  return Number(/, (\d+) matched/.exec(found)?.[1]);
};

test('nothing of that counted as a failed log-in', async (t) => {
  for (const filter of ['box-mail', 'box-groupware', 'box-panel', 'box-webmail'])
    t.is(await counted(filter), 0, filter);
});

test('who logs in so sends under the name that the box keeps', async (t) => {
  const { box } = await ready;
  for (const [login, from] of [
    ['Me@BÜCHER.Example', 'me@xn--bcher-kva.example'],
    [' O.K@Example.com', 'o.k@example.com'],
  ] as const) {
    const { stdout } = await outcome([
      ...[...box.prefix, 'swaks', '--tls', '--server', box.host, '--port', '587', '--auth', 'PLAIN'],
      ...['--auth-user', login, '--auth-password', password, '--from', from, '--to', 'o.k@example.com'],
    ]);
    t.regex(stdout, /^<~ {2}250 2\.0\.0 Ok: queued/m, stdout);
  }
});

test('another’s name, a dot less and a password without its blanks open none', async (t) => {
  const { box } = await ready;
  const strangers = [
    { email: 'ok@example.com', password },
    { email: 'o.k@example.com', password: password.trim() },
    { email: 'me@bucher.example', password },
  ];
  const some = doors.filter(({ name }) => /^(IMAP|the panel|CalDAV)$/.test(name));
  const said = await Promise.all(
    strangers.flatMap((account) => some.map(({ knock }) => knock(box, account))),
  );
  t.is(said.length, 9);
  t.false(said.includes('open'), said.join());
  // With a blank in its name a guess counts as with none.
  const before = await counted('box-mail');
  t.true(before >= 3, `${before}`);
  await doors[0]?.knock(box, { email: 'o.k@example.com ', password: 'a guess' });
  await waitFor('one more in the log', async () => ((await counted('box-mail')) > before ? true : undefined));
});
