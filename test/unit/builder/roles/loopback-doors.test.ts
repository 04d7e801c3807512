/** Doors on loopback without TLS: where they are, who may come to them, and what they demand all the same. */
import test from 'ava';
import { loopbackDoors } from '../../../../builder/roles/loopback-doors.ts';
import { releases } from '../../../../releases/index.ts';
import { isAtLeast } from '../../../../releases/version.ts';
import { makeTestPlan, testConfig } from './planned.ts';

const doorPorts = [10143, 10144, 14190, 10587];

for (const release of releases.values()) {
  const all = { ...release, lacksRoles: [] };
  // Templates of a role that a release lacks may not fit it.
  const withWebmail = { ...release, lacksRoles: release.lacksRoles.filter((role) => role !== 'webmail') };
  const hasDoors = !isAtLeast(release.versions.php, '5.6');
  const usersOf = (changes: object) =>
    loopbackDoors(testConfig(release, changes), all).map(({ port, users }) => [port, ...users]);

  test(`${release.name}: there are doors without TLS only where PHP can't verify, and for users who are there`, (t) => {
    const both = [
      [10143, 'box-groupware'],
      [10144, 'box-webmail'],
      [14190, 'box-webmail'],
      [10587, 'box-webmail', 'box-groupware'],
    ];
    t.deepEqual(usersOf({}), hasDoors ? both : []);
    t.deepEqual(
      usersOf({ webmail: 'none' }),
      hasDoors
        ? [
            [10143, 'box-groupware'],
            [10587, 'box-groupware'],
          ]
        : [],
    );
    t.deepEqual(usersOf({ webmail: 'none', groupware: 'none' }), []);
  });

  test(`${release.name}: the network reaches none of them, and on loopback the fence names who does`, (t) => {
    const plan = makeTestPlan(withWebmail);
    const doors = plan.image.ports.filter(({ port }) => doorPorts.includes(port));
    // The webmail's to the mailboxes is everywhere, elsewhere with TLS.
    t.deepEqual(
      doors.map(({ port }) => port),
      hasDoors ? [10143, 10144, 14190, 10587] : [10144],
    );
    t.true(doors.every((door) => !door.public));
    if (!hasDoors) return;
    const rules = plan.files.find(({ path }) => path === '/etc/box/firewall/closed.v4')?.text ?? '';
    for (const port of doorPorts) {
      const ofPort = rules.split('\n').filter((line) => line.includes(` --dport ${port} `));
      t.regex(ofPort.at(-1) ?? '', /^-A OUTPUT .*-j REJECT --reject-with tcp-reset$/);
      const allowed = ofPort.slice(0, -1);
      t.true(allowed.every((line) => / -m owner --uid-owner \S+ -j ACCEPT$/.test(line)));
      t.true(allowed.length >= 2);
    }
  });

  test(`${release.name}: each listens at 127.0.0.1 alone, and the one for mail out asks for a log-in`, (t) => {
    const plan = makeTestPlan(withWebmail);
    const text = (path: string) => plan.files.find((file) => file.path === path)?.text ?? '';
    t.regex(
      text('/etc/dovecot/dovecot.conf'),
      hasDoors ? / port = 10144\n {2}\}/ : / = 127\.0\.0\.1\n +port = 10144\n +ssl = yes\n/,
    );
    for (const port of [10143, 14190]) {
      const listener = new RegExp(`address = 127\\.0\\.0\\.1\\n +port = ${port}\\n`);
      t.is(listener.test(text('/etc/dovecot/dovecot.conf')), hasDoors, String(port));
    }
    const services = text('/etc/postfix/master.cf').split(/\n(?=\S)/);
    const door = services.find((service) => service.startsWith('127.0.0.1:10587 '));
    const submission = services.find((service) => service.startsWith('submission '));
    t.is(door !== undefined, hasDoors);
    if (door === undefined || submission === undefined) return;
    const options = (service: string) => service.split('\n').filter((line) => line.startsWith('  -o '));
    const tls = /smtpd_tls_|syslog_name/;
    t.deepEqual(
      options(door).filter((line) => !tls.test(line)),
      options(submission).filter((line) => !tls.test(line)),
    );
    t.true(door.includes('smtpd_relay_restrictions=permit_sasl_authenticated,reject'));
    t.true(door.includes('smtpd_tls_security_level=none') && door.includes('smtpd_tls_auth_only=no'));
  });
}
