/** Moving in from a Mail-in-a-Box: storage roots of each layout version become this box's state, with nothing of it lost. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { certificateAt, deliver } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { request } from '../rig/request.ts';
import { CommandLines } from './world/command-lines.ts';
import { blankDisk, stateDevice } from './world/disk.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';
import { makeOldBox, type OldBox, versions } from './world/old-box.ts';
import { bootsAgain, logsIn, queueIsEmpty, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-move-in');
const root = '/home/user-data';
const lab = makeLab(kept);
const ready = lab.then(async (made) => ({ box: await started(made, 'box', made.owner), me: made.owner }));
const commandLines = new CommandLines();

const moveIn = (box: LabBox, words: string) => box.outcome(`box move-in ${words}`, '', 600);
const filesOf = (box: LabBox, folder: string) =>
  box.run(
    `cd ${folder} && find . -printf '%p %m %U %G %s %T@ %l\\n' | sort; find . -type f -exec sha256sum '{}' + | sort`,
  );

async function movesIn(box: LabBox, { folder }: OldBox): Promise<string> {
  const { code, stdout, stderr } = await moveIn(box, folder);
  if (code !== 0) throw new Error(`box move-in: ${stderr}${stdout}`);
  return stdout;
}

const dig = async (box: LabBox, words: string) =>
  (await output([...box.prefix, 'dig', `@${box.host}`, '+short', '+norecurse', ...words.split(' ')]))
    .trim()
    .split('\n')
    .sort();

/** Everything that people would miss. */
async function isThere(t: ExecutionContext, box: LabBox, old: OldBox): Promise<void> {
  const { ann, bob, version } = old;
  t.is(await logsIn(box, ann), 0, 'ann');
  t.is(await logsIn(box, bob), 0, 'bob');
  t.is(await logsIn(box, { ...bob, password: 'another-password' }), 67);
  const fetched = await box.run(
    `doveadm -f tab fetch -u ${ann.email} 'mailbox uid flags date.received hdr.subject' mailbox INBOX OR mailbox Work | sort`,
  );
  t.deepEqual(fetched.trim().split('\n').slice(0, 4), [
    'INBOX\t12\t\t2014-05-13 16:53:20\tnot seen',
    'INBOX\t7\t\\Flagged \\Seen\t2014-05-13 16:53:20\tseen and flagged',
    'INBOX\t9\t\\Seen $Forwarded\t2014-05-13 16:53:20\twith a word',
    'Work\t5\t\\Answered \\Seen\t2014-05-13 16:53:20\tanswered, in a folder',
  ]);
  t.regex(
    await box.run(`doveadm mailbox status -u ${ann.email} 'uidvalidity guid' INBOX Work | sort`),
    /INBOX uidvalidity=1399999999 guid=0123456789abcdef0123456789abcdef\s+Work uidvalidity=1399999998 guid=00112233445566778899aabbccddeeff/,
  );
  // The active filter, and what an alias leads to.
  await deliver(box, 25, { from: box.stranger, to: 'team@old.example', subject: `for work ${version}` });
  await queueIsEmpty(box);
  t.is(
    (
      await box.run(
        `doveadm search -u ${ann.email} mailbox Work header Subject 'for work ${version}' | wc -l`,
      )
    ).trim(),
    '1',
  );
  t.true((await subjects(box, bob.email)).includes(`for work ${version}`));
  // Permitted senders: bob writes as the team, ann does not.
  const asTeam = {
    from: 'team@old.example',
    to: ann.email,
    subject: `as the team ${version}`,
    tls: 'required' as const,
  };
  await deliver(box, 587, { ...asTeam, auth: bob });
  await t.throwsAsync(deliver(box, 587, { ...asTeam, auth: ann }), { message: /not owned by user/ });
  t.is(
    (
      await box.run(`doveadm -f tab quota get -u ${bob.email} | awk -F '\\t' '$2 == "STORAGE" { print $4 }'`)
    ).trim(),
    version >= 15 ? '512000' : '-',
  );
  const session = await request(box, 'POST /admin/login', { as: ann });
  t.is(JSON.parse(session.body).status, version >= 13 ? 'missing-totp-token' : 'ok');
  // Keys: what the registrar has, what other servers have, what clients have.
  const ds = JSON.parse(await box.run('box dns ds --json')) as Record<string, string>[];
  const ours = ds.filter(({ zone, digestType }) => zone === 'old.example' && String(digestType) === '2');
  t.deepEqual(ours.map((it) => `${it.keyTag} ${it.algorithm} ${it.digest?.toUpperCase()}`).sort(), old.ds);
  const signers = new Set(
    (await dig(box, 'old.example DNSKEY +dnssec')).flatMap(
      (line) => /^DNSKEY (\d+) .* (\d+) old\.example\. /.exec(line)?.slice(2, 3) ?? [],
    ),
  );
  for (const tag of old.ds.map((line) => line.split(' ')[0])) t.true(signers.has(tag ?? ''), `${tag} signs`);
  t.regex(
    (await dig(box, 'mail._domainkey.old.example TXT')).join().replaceAll('" "', ''),
    new RegExp(`p=${old.dkimKey.replaceAll('+', '\\+')}`),
  );
  const { pem } = await certificateAt(box, 993, hostname);
  const spki = await output(
    ['sh', '-c', 'openssl x509 -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum'],
    { input: pem },
  );
  t.is(spki.split(' ')[0], old.tlsKey);
  t.deepEqual(await dig(box, `_25._tcp.${hostname} TLSA`), [
    `3 1 1 ${old.tlsKey.toUpperCase().replace(/^(.{56})/, '$1 ')}`,
  ]);
  // The owner's records, sites and redirects; what the spam filter has learned; the webmail's people.
  t.deepEqual(await dig(box, 'www.old.example A'), ['203.0.113.7']);
  t.true((await dig(box, 'old.example TXT')).includes(`"a text of ${version}"`));
  t.is(
    await box
      .run('cat /etc/nsd/box/zones.conf | grep -c 203.0.113.9 || true')
      .then((text) => Number(text) > 0),
    true,
  );
  t.is((await request(box, 'GET /', { name: 'old.example' })).body, `the site of ${version}\n`);
  t.regex(
    (await request(box, 'GET /moved', { name: 'old.example' })).head,
    /^Location: https:\/\/elsewhere\.example\//im,
  );
  t.regex(
    await box.run('runuser -u spampd -- sa-learn --dump magic 2>/dev/null'),
    /\s1\s+\d+\s+non-token data: nspam/,
  );
  t.is(
    (
      await box.run(
        `/usr/lib/box/as-webmail sqlite3 ${root}/mail/roundcube/roundcube.sqlite "SELECT username, mail_host, language, signature FROM users JOIN identities USING (user_id); SELECT count(*) FROM sqlite_master WHERE name LIKE 'carddav%'"`,
      )
    ).trim(),
    `ann@old.example|localhost|de_DE|Kind regards, ${version}\n0`,
  );
  t.is(await box.run('box move-in calendars'), `${ann.email}: calendars and contacts are here\n`);
  t.is(await box.run('box move-in calendars'), 'there are none that wait\n');
  const event = await request(box, `GET /SOGo/dav/${ann.email}/Calendar/personal/old-event-${version}.ics`, {
    as: ann,
  });
  t.regex(event.body, new RegExp(`SUMMARY:An old event ${version} <&> ä€`));
  const card = await request(box, `GET /SOGo/dav/${ann.email}/Contacts/personal/old-card-${version}.vcf`, {
    as: ann,
  });
  t.regex(card.body, new RegExp(`FN:Old Friend ${version}`));
  // Files are their daemons' own.
  t.is(
    (
      await box.run(
        `find ${root}/mail/mailboxes ${root}/mail/sieve ! -user mail -print -quit; find ${root}/mail/spamassassin -name 'bayes*' ! -user spampd; stat -c '%a %U:%G' ${root}/mail/users.sqlite`,
      )
    ).trim(),
    '640 root:box-accounts',
  );
}

test('what is no storage root, or none that is understood, is refused with all its problems, and nothing is done', async (t) => {
  const { box } = await ready;
  const says = async (words: string, ...parts: RegExp[]) => {
    const { code, stdout } = await moveIn(box, words);
    t.is(code, 1, stdout);
    for (const part of parts) t.regex(stdout, part);
    t.regex(stdout, /^nothing was done$/m);
  };
  await says('/nowhere', /\/nowhere is no folder/);
  await says(root, /is this box’s own/);
  await says(`${root}/www`, /would be in the next backup/);
  await box.run('mkdir -p /root/old/ssl /root/old/dns/dnssec /root/old/mail/dkim');
  await says('/root/old', /has no mailinabox\.version/);
  for (const wrong of ['9', '16', 'ten']) {
    await box.run(`echo ${wrong} >/root/old/mailinabox.version`);
    await says('/root/old', new RegExp(`mailinabox\\.version says "${wrong}"; 10 to 15 are understood`));
  }
  await box.run('echo 15 >/root/old/mailinabox.version');
  await says('/root/old', /\/root\/old\/mail\/users\.sqlite is missing/);
  await box.run(`echo broken >/root/old/mail/users.sqlite`);
  await says('/root/old', /\/root\/old\/mail\/users\.sqlite: file is not a database/);
  await box.run(
    'rm /root/old/mail/users.sqlite; sqlite3 /root/old/mail/users.sqlite',
    `
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, extra, privileges TEXT NOT NULL DEFAULT '');
    CREATE TABLE aliases (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, destination TEXT NOT NULL, permitted_senders TEXT);`,
  );
  await box.run(
    'echo broken >/root/old/ssl/ssl_private_key.pem; echo KSK=none >/root/old/dns/dnssec/RSASHA256.conf; echo >/root/old/mail/dkim/mail.private',
  );
  await says(
    '/root/old',
    /ssl_private_key\.pem is damaged/,
    /\/root\/old\/dns\/dnssec\/RSASHA256\.conf: names no key/,
    /mail\.private is damaged/,
  );
  t.is(
    (await box.outcome(`ls ${root}/backup/restored ${root}/backup/moving-in /run/box/move-in`)).stdout,
    '',
  );
});

for (const version of versions)
  test(`layout version ${version} moves in: log-ins, mail, keys and all the rest; what was there is set aside`, async (t) => {
    const { box, me } = await ready;
    t.teardown(() => box.outcome(`rm -rf ${root}/backup/replaced ${root}/backup/restored`));
    const old = await makeOldBox(box, version);
    const before = await filesOf(box, old.folder);
    const own = await box.run(
      `sha256sum ${root}/ssl/ssl_private_key.pem ${root}/mail/dkim/mail.private | cut -d' ' -f1`,
    );
    const dry = await moveIn(box, `${old.folder} --dry-run`);
    t.is(dry.code, 0, dry.stdout + dry.stderr);
    t.regex(dry.stdout, new RegExp(`^Mail-in-a-Box, layout version ${version}$`, 'm'));
    t.regex(
      dry.stdout,
      /^comes {4}accounts: 3 accounts with passwords, \d of them with a second factor; \d aliases; me@example\.com is added/m,
    );
    t.regex(dry.stdout, /^not so {3}accounts: the name box\.old\.example: this box is box\.example\.com/m);
    t.regex(dry.stdout, /^comes {4}calendars and contacts: 1 event or task and 1 contact of 1 person/m);
    t.regex(dry.stdout, /^not so {3}left behind: files of Nextcloud/m);
    t.regex(dry.stdout, /^not so {3}left behind: where backups go \(s3\)/m);
    t.notRegex(dry.stdout, /not-to-be-shown|SHA512/);
    t.is(
      (await box.outcome(`ls ${root}/backup/restored ${root}/backup/moving-in /run/box/move-in`)).stdout,
      '',
    );
    await commandLines.watch(() => movesIn(box, old));
    t.is(await filesOf(box, old.folder), before, 'the old storage root is as it was');
    await bootsAgain(box);
    await isThere(t, box, old);
    t.is(await logsIn(box, me), 0, 'whoever launched this box');
    t.is(
      await box.run(
        `cd ${root}/backup/replaced; sha256sum ssl/ssl_private_key.pem mail/dkim/mail.private | cut -d' ' -f1`,
      ),
      own,
    );
    const again = await moveIn(box, old.folder);
    t.regex(again.stdout, /replaced is there, of an earlier restore\n +-> look through it, and remove it/);
    await box.run(`rm -r ${root}/backup/replaced ${old.folder}`);
  });

test('no hash or password was ever in a command line', (t) => {
  t.deepEqual(commandLines.holding(['$6$', 'not-to-be-shown']), []);
});

test('cut in the middle, it is begun and not taken up; the next run goes on, and all of it is there', async (t) => {
  const { box } = await ready;
  const old = await makeOldBox(box, 15);
  await box.run(`head -c 300000000 /dev/urandom >${old.folder}/www/default/large`);
  await box.run(`systemd-run --quiet --collect --unit=cut --property=KillMode=control-group box move-in ${old.folder}
    until ls -A ${root}/backup/moving-in/www/default 2>/dev/null | grep -q large; do systemctl is-active --quiet cut; done
    systemctl kill --signal=KILL cut`);
  await bootsAgain(box);
  t.is((await box.outcome(`test -e ${root}/backup/restored`)).code, 1);
  t.is(
    (await box.run(`sqlite3 ${root}/mail/users.sqlite "SELECT count(*) FROM users"`)).trim(),
    '3',
    'of the version before',
  );
  await movesIn(box, old);
  await bootsAgain(box);
  await isThere(t, box, old);
  t.is(
    (
      await box.run(`cmp ${old.folder}/www/default/large ${root}/www/default/large; ls -A ${root}/backup`)
    ).includes('moving-in'),
    false,
  );
  await box.run(`rm -r ${root}/backup/replaced`);
});

test('a disk without the room for it is told before anything is copied', async (t) => {
  const { owner, box: makeBox } = await lab;
  const { options } = await makeBox('small', owner, { storage: { device: stateDevice } });
  const box = kept.own(
    new LabBox(kept.folder, { ...options, devices: { [stateDevice]: await blankDisk(kept) } }),
  );
  await box.start();
  t.is((await box.console.outcome()).stage, 'ready');
  const { folder } = await makeOldBox(box, 15);
  await box.run(`fallocate -l 900M ${folder}/www/default/large`);
  const { code, stdout } = await moveIn(box, folder);
  t.is(code, 1);
  t.regex(stdout, /^problem {2}the disk has not the room: \d+ MiB are copied, \d+ MiB are free/m);
  t.is((await box.outcome(`ls ${root}/backup/moving-in`)).stdout, '');
});
