/** The roles: what they lay down on every release, and what holds for all of them together. */
import test from 'ava';
import fc from 'fast-check';
import { isAtLeast, known } from '../../../../builder/roles/dialect.ts';
import { roles } from '../../../../builder/roles/index.ts';
import { releases } from '../../../../releases/index.ts';
import { type Release, roleNames } from '../../../../releases/release.ts';
import { makeTestPlan, planOf } from './planned.ts';
import { unitsOf } from './units.ts';

test('every role goes by the name it is listed under', (t) => {
  for (const name of roleNames) t.is(roles[name].name, name);
});

for (const release of releases.values()) {
  const plan = makeTestPlan(release);
  const text = (path: string) => plan.files.find((file) => file.path === path)?.text ?? '';

  test(`${release.name}: no service gives Node.js flags, under which V8 leaves aside what was compiled at the bake`, (t) => {
    const flagged = plan.files.filter(({ text: all }) =>
      /^[^#\n]*(?:NODE_OPTIONS|\/node\s+--|node\s+--[a-z])/m.test(all),
    );
    t.deepEqual(
      flagged.map(({ path }) => path),
      [],
    );
  });

  test(`${release.name}: each file is laid down once and holds no key`, (t) => {
    const paths = plan.files.map(({ path }) => path);
    t.deepEqual(paths, [...new Set(paths)]);
    for (const file of plan.files) t.notRegex(file.text, /PRIVATE KEY|\$6\$[^%]/, file.path);
  });

  test(`${release.name}: nginx finds no file and no server by a numbered capture, which a map writes over`, (t) => {
    for (const file of plan.files.filter(({ path }) => path.startsWith('/etc/nginx/')))
      t.notRegex(
        file.text,
        /^\s*(?:alias|root|proxy_pass|fastcgi_\w+|uwsgi_pass|include)\s[^;]*\$[1-9]/m,
        file.path,
      );
  });

  test(`${release.name}: only these ports are for the network`, (t) => {
    const open = plan.image.ports.filter((port) => port.public);
    t.deepEqual(open.map(({ port, protocol, name }) => `${port}/${protocol} ${name}`).sort(), [
      '25/tcp smtpd',
      '4190/tcp sieve',
      '443/tcp https',
      '465/tcp submissions',
      '53/tcp domain',
      '53/udp domain',
      '587/tcp submission',
      '80/tcp http',
      '993/tcp imaps',
      '995/tcp pop3s',
    ]);
  });

  test(`${release.name}: the fence opens every public port and no other`, (t) => {
    const [opening] = plan.files.filter(({ path }) => path.startsWith('/etc/box/firewall/open'));
    const mentioned = [...(opening?.text ?? '').matchAll(/^[^#]*?(?:dport |\{ )(\d+)/gm)].map(([, port]) =>
      Number(port),
    );
    // A port of both protocols is mentioned once for each.
    t.deepEqual(
      mentioned.sort(),
      plan.image.ports
        .filter((p) => p.public)
        .map((p) => p.port)
        .sort(),
    );
  });

  test(`${release.name}: port 25 knows no log-in, ports 465 and 587 nothing else`, (t) => {
    t.regex(text('/etc/postfix/main.cf'), /^smtpd_sasl_auth_enable = no$/m);
    t.regex(text('/etc/postfix/main.cf'), /^smtpd_relay_restrictions = reject_unauth_destination$/m);
    const master = text('/etc/postfix/master.cf');
    const rules = (service: string) =>
      new RegExp(`^${service} inet .*\\n((?: {2}-o .*\\n)+)`, 'm').exec(master)?.[1]?.split('\n') ?? [];
    const [submission, submissions] = [rules('submission'), rules('smtps')];
    for (const rule of [
      'smtpd_tls_security_level=encrypt',
      'smtpd_sasl_auth_enable=yes',
      'smtpd_relay_restrictions=permit_sasl_authenticated,reject',
    ])
      t.true(submission.includes(`  -o ${rule}`), rule);
    // Postfix 2 splits the value of -o at blanks.
    for (const rule of submission) t.notRegex(rule, /=.*\s/);
    const own = (lines: readonly string[]) => lines.filter((line) => /syslog_name|wrappermode/.test(line));
    const same = (lines: readonly string[]) => lines.filter((line) => !own(lines).includes(line));
    t.deepEqual(same(submissions), same(submission));
    t.deepEqual(own(submission), ['  -o syslog_name=postfix/submission', '  -o smtpd_tls_wrappermode=no']);
    t.deepEqual(own(submissions), ['  -o syslog_name=postfix/submissions', '  -o smtpd_tls_wrappermode=yes']);
  });

  test(`${release.name}: Dovecot speaks to the network under TLS only`, (t) => {
    const dovecot = text('/etc/dovecot/dovecot.conf');
    t.regex(dovecot, /^ssl = required$/m);
    for (const name of ['imap', 'pop3'])
      t.regex(dovecot, new RegExp(`inet_listener ${name} {\\s+port = 0\\s+}`));
  });

  test(`${release.name}: https is HTTP/2 at every name or at none, and of the box's address too`, (t) => {
    const files = plan.files.filter(
      ({ path, text }) => path.startsWith('/etc/nginx/') && /listen 443/.test(text),
    );
    t.is(files.length, 2, 'the default server, and what every site includes');
    t.is(new Set(files.map(({ text }) => /listen 443.* http2|^ *http2 on;$/m.test(text))).size, 1);
  });

  test(`${release.name}: sshd takes keys only`, (t) => {
    const sshd = plan.files
      .filter(({ path }) => path.startsWith('/etc/ssh/'))
      .map((file) => file.text)
      .join('\n');
    t.regex(sshd, /^PasswordAuthentication no$/m);
    t.regex(sshd, /^PermitRootLogin (prohibit|without)-password$/m);
  });
}

for (const release of [...releases.values()].filter(({ init }) => init === 'systemd')) {
  const plan = makeTestPlan(release);
  test(`${release.name}: every unit of a public service waits for box-init`, (t) => {
    for (const unit of plan.image.services.flatMap((service) => unitsOf(plan, service))) {
      const at = `/etc/systemd/system/${unit}.service`;
      // A drop-in for a package's unit; a unit of our own says it itself.
      const says = plan.files.find(({ path }) => path === `${at}.d/box.conf` || path === at);
      t.regex(
        says?.text ?? '',
        /^After=box-init\.service( .*)?\nAssertPathExists=\/run\/box\/initialised$/m,
        unit,
      );
    }
  });

  test(`${release.name}: box-ready comes after every public service`, (t) => {
    const unit = plan.files.find(({ path }) => path === '/etc/systemd/system/box-ready.service')?.text ?? '';
    for (const service of plan.image.services) t.true(unit.includes(`\nAfter=${service}.service\n`), service);
  });
}

test('the message size limit of the config reaches Postfix in bytes', (t) => {
  for (const release of releases.values()) {
    const file = planOf(release, { mail: { messageSizeLimit: '10MiB' } });
    t.regex(file('/etc/postfix/main.cf'), /^message_size_limit = 10485760$/m);
  }
});

test('inbound.dmarc reaches OpenDMARC', (t) => {
  for (const release of releases.values()) {
    const rejects = (dmarc: string) =>
      /^RejectFailures +(\S+)$/m.exec(planOf(release, { inbound: { dmarc } })('/etc/opendmarc.conf'))?.[1];
    t.deepEqual([rejects('quarantine'), rejects('reject')], ['false', 'true']);
  }
});

test('the order of checks on port 25 is the guide’s: lists, recipient, greylisting', (t) => {
  for (const release of releases.values()) {
    const main = planOf(release, {})('/etc/postfix/main.cf');
    t.regex(
      main,
      /reject_rbl_client zen\.spamhaus\.org=127\.0\.0\.\[2\.\.11\]\s+reject_unlisted_recipient\s+check_policy_service inet:127\.0\.0\.1:10023/,
    );
    t.regex(main, /reject_rhsbl_sender dbl\.spamhaus\.org=127\.0\.1\.\[2\.\.99\]/);
  }
});

test('versions are compared number by number', (t) => {
  t.true(isAtLeast('3.10', '3.9'));
  t.false(isAtLeast('3.7.9', '3.7.10'));
  t.true(isAtLeast('3.7', '3.7.0'));
  const version = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(version, version, (a, b) => {
      const [left, right] = [a.join('.'), b.join('.')];
      return isAtLeast(left, left) && (isAtLeast(left, right) || isAtLeast(right, left));
    }),
  );
});

test('a setting of a later version is left out', (t) => {
  const settings = [
    { since: '2.0', name: 'old', value: '1' },
    { since: '3.0', name: 'new', value: '2' },
  ];
  t.deepEqual(known('2.11', settings), [{ name: 'old', value: '1' }]);
});

test('groupware: none leaves nothing of it: no package, file, service, port or jail', (t) => {
  for (const release of [...releases.values()].filter(
    ({ lacksRoles }) => !lacksRoles.includes('groupware'),
  )) {
    const [full, without] = [makeTestPlan(release), makeTestPlan(release, { groupware: 'none' })];
    t.true(full.roles.includes('groupware'));
    t.false(without.roles.includes('groupware'));
    t.false(without.image.ports.some(({ role }) => role === 'groupware'));
    const parts = release.roles.groupware;
    for (const service of [...parts.services, ...parts.earlyServices])
      t.false([...without.image.services, ...without.earlyServices].includes(service), service);
    // Some packages are another role's too.
    t.deepEqual(
      full.packages.filter((name) => !without.packages.includes(name)).sort(),
      parts.packages.filter((name) => !others(release, 'groupware').includes(name)).sort(),
    );
    for (const { path, text, from } of without.files) {
      t.false(from.startsWith('overlays/groupware/'), path);
      t.notRegex(`${path}\n${text}`, /groupware|sogo|postgres|memcache|activesync/i, path);
    }
  }
});

/** The packages of all roles but one. */
const others = (release: Release, but: string) =>
  Object.entries(release.roles).flatMap(([role, { packages }]) => (role === but ? [] : packages));

test('a role that a release lacks is left out by itself', (t) => {
  const lacking = [...releases.values()].flatMap((release) =>
    release.lacksRoles.map((role) => ({ release, role })),
  );
  t.true(lacking.length > 0);
  for (const { release, role } of lacking)
    t.false(makeTestPlan(release).roles.includes(role), `${release.name}: ${role}`);
});
test('without a webmail nothing of it is in the plan; where the release can, it is there by itself', (t) => {
  for (const release of releases.values()) {
    const without = makeTestPlan(release, { webmail: 'none' });
    t.false(without.roles.includes('webmail'));
    t.notRegex(JSON.stringify(without).replaceAll('/^mail$', ''), /roundcube|webmail/i, release.name);
    // A groupware may be of PHP too.
    const neither = makeTestPlan(release, { webmail: 'none', groupware: 'none' });
    t.notRegex(JSON.stringify(neither), /php/i, release.name);
    const lacks = release.lacksRoles.includes('webmail');
    t.is(makeTestPlan(release).roles.includes('webmail'), !lacks);
    t.is(makeTestPlan(release).image.services.includes('box-webmail'), !lacks);
  }
});

test('the webmail has the groupware’s contacts and calendar only where both are; without, nothing of the plug-ins is there', (t) => {
  for (const release of releases.values()) {
    const has = (plan: ReturnType<typeof makeTestPlan>, words: RegExp) =>
      plan.files.some(({ path, text }) => words.test(`${path}\n${text}`));
    const isThere = (plan: ReturnType<typeof makeTestPlan>) =>
      has(plan, /box_contacts|box_calendar|box_groupware|mail\/ https:\S*\/SOGo/);
    const lacks = (...roles: string[]) => release.lacksRoles.some((role) => roles.includes(role));
    const plan = makeTestPlan(release);
    t.is(has(plan, /box_contacts/), !lacks('groupware', 'webmail', 'contacts'));
    t.is(has(plan, /box_calendar/), !lacks('groupware', 'webmail', 'calendar'));
    for (const without of [{ groupware: 'none' }, { webmail: 'none' }] as const)
      t.false(isThere(makeTestPlan(release, without)));
  }
});

test('search: none leaves nothing of the index; where the release can, it is there by itself', (t) => {
  for (const release of releases.values()) {
    const without = makeTestPlan(release, { search: 'none' });
    t.false(without.roles.includes('search'));
    t.false(/box-search|fill-search|\bfts|solr/i.test(JSON.stringify(without)), release.name);
    t.is(makeTestPlan(release).roles.includes('search'), !release.lacksRoles.includes('search'));
  }
});
