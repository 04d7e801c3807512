/** A box that serves goes on serving, whatever of it is restarted; and one whose services fail at their start heals. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { openTcpPorts } from './world/ports.ts';
import { started, subjects } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-restarts'));
const ready = lab.then(async (made) => {
  const box = await started(made, 'box', made.owner);
  return {
    box,
    me: made.owner,
    outside: made.outside,
    open: await openTcpPorts(made.outside, box.host, 4200),
  };
});

/** A number that is another one when the service was started anew. */
const dovecotStarted = 'systemctl show --value -p ExecMainStartTimestampMonotonic dovecot';

/** No job waits, and the last look at the boot says that the box is ready. */
async function settled(box: Awaited<typeof ready>['box']): Promise<void> {
  await waitFor('no job that waits, and a box that is ready', async () => {
    const jobs = await box.run('systemctl list-jobs --no-legend');
    const report = await box.run('cat /run/box/ready.json');
    return jobs.trim() === '' && /"stage": "ready"/.test(report) ? true : undefined;
  });
}

test('systemctl restart box-init: the box converges, and no service even notices', async (t) => {
  const { box, outside, open } = await ready;
  const before = await box.run(dovecotStarted);
  const at = /"startedAt": "(.*)"/;
  const first = at.exec(await box.run('cat /run/box/ready.json'))?.[1];
  await box.run('systemctl restart box-init');
  await waitFor('a box that converged', async () => {
    const report = await box.run('cat /run/box/ready.json');
    return at.exec(report)?.[1] !== first && /"stage": "ready"/.test(report) ? true : undefined;
  });
  t.is(await box.run(dovecotStarted), before);
  t.deepEqual(await openTcpPorts(outside, box.host, 4200), open);
  await settled(box);
});

test('a setting that changed is taken up by such a restart, with what it restarts', async (t) => {
  const { box, outside, open } = await ready;
  await box.run("sed -i 's#Etc/UTC#Europe/Berlin#' /etc/box/settings.json && systemctl restart box-init");
  await waitFor('the time zone', async () =>
    (await box.outcome('grep Europe/Berlin /etc/timezone')).code === 0 ? true : undefined,
  );
  await settled(box);
  t.deepEqual(await openTcpPorts(outside, box.host, 4200), open);
});

for (const what of [
  'daemon-reload',
  'restart box-ready',
  'stop box-ready',
  'start box-ready',
  'stop box-init',
  'start box-init',
  'restart nftables',
  'reload nftables',
  'restart nginx postfix dovecot "postgresql@*" unbound',
  'restart "box-*.service"',
]) {
  test(`systemctl ${what}: the box is as open as before`, async (t) => {
    const { box, outside, open } = await ready;
    await box.run(`systemctl ${what}`);
    await settled(box);
    t.deepEqual(await openTcpPorts(outside, box.host, 4200), open);
  });
}

test('a convergence that fails leaves the box serving, and says so', async (t) => {
  const { box, outside, open } = await ready;
  await box.run("sed -i 's#Europe/Berlin#Mars/Base#' /etc/box/settings.json && systemctl restart box-init");
  await waitFor('a failure', async () =>
    /"stage": "failed"/.test(await box.run('cat /run/box/ready.json')) ? true : undefined,
  );
  t.deepEqual(await openTcpPorts(outside, box.host, 4200), open);
  t.regex((await box.outcome('box status')).stdout, /Mars\/Base/);
  await box.run("sed -i 's#Mars/Base#Etc/UTC#' /etc/box/settings.json && systemctl restart box-init");
  await settled(box);
});

test('a service that ends is started again, whatever it ended with; one that is down is named at a log-in', async (t) => {
  const { box } = await ready;
  for (const unit of [await postfixUnit(box), 'nginx', 'opendkim', 'box-webmail', 'unbound']) {
    const each = `systemctl show --value -p ActiveEnterTimestampMonotonic '${unit}'`;
    const before = await box.run(each);
    await box.run(`systemctl kill --signal=KILL '${unit}'`);
    await waitFor(`${unit} to come back`, async () =>
      (await box.outcome(`systemctl is-active --quiet '${unit}'`)).code === 0 &&
      (await box.run(each)) !== before
        ? true
        : undefined,
    );
  }
  const motd = 'run-parts /etc/update-motd.d';
  t.notRegex(await box.run(motd), /DOWN/);
  await box.run('systemctl stop postgrey');
  t.regex(await box.run(motd), /services are DOWN, and are tried again: postgrey\./);
  await box.run('systemctl start postgrey');
});

test('after an upgrade nothing runs on with what was replaced, and status names what only a reboot renews', async (t) => {
  const { box, outside, open, me } = await ready;
  const services = [
    'box-webmail',
    'box-keeper',
    'box-panel',
    'box-outbound-tls',
    'dovecot',
    await postfixUnit(box),
    'spampd',
  ];
  const started = async () => {
    const each = services.map((name) => `systemctl show --value -p ActiveEnterTimestampMonotonic ${name}`);
    return (await box.run(each.join('; '))).trim().split('\n');
  };
  const before = await started();
  // As dpkg does it: another file takes the place of the old one. Meanwhile the upgrade goes on, and holds its lock.
  await box.run(`
    setsid python3 -c "import fcntl, time
f = open('/var/lib/dpkg/lock', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(8)" >/dev/null 2>&1 &
    sleep 1
    for file in /usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libssl.so.3 \
      "$(readlink -f /usr/bin/node)" "$(readlink -f /usr/sbin/php-fpm[0-9]*)" /usr/sbin/spampd /var/lib/dpkg/status; do
      cp -p "$file" "$file.dpkg-new" && mv "$file.dpkg-new" "$file"
    done`);
  t.not((await box.outcome('box outdated')).stdout, '');
  await box.run(
    'sleep 5; systemctl is-active box-outdated | grep -q activating; test ! -e /run/box/outdated.json',
  );
  await waitFor('the end of the restarts', async () =>
    (await box.outcome('test -e /run/box/outdated.json')).code === 0 ? true : undefined,
  );
  await settled(box);
  const after = await started();
  for (const [i, name] of services.entries()) t.true(Number(after[i]) > Number(before[i]), name);
  const left = (await box.outcome('box outdated')).stdout.trim().split('\n');
  // Units alone: of these the box has none that it may restart.
  t.deepEqual(
    left.filter((line) => !/ (dbus|systemd-logind|console-getty|user@\d+)\.service | \S+\.scope /.test(line)),
    [],
  );
  t.regex(
    (await box.outcome('box status')).stdout,
    /security updates: installed, but still as before the upgrade of .*dbus\.service/,
  );
  t.deepEqual(await openTcpPorts(outside, box.host, 4200), open);
  await box.run(`printf 'Subject: after the upgrade\n\nIt works.\n' | sendmail -f ${me.email} ${me.email}`);
  t.true((await subjects(box, me.email)).includes('after the upgrade'));
});

test('each service fails at its first start of a boot: the box heals without a hand', async (t) => {
  const { box, outside, open } = await ready;
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json')) as { services: string[] };
  const units = [
    ...image.services.filter((name) => name !== 'postfix'),
    await postfixUnit(box),
    'box-init',
    'box-ready',
    'unbound',
    'rsyslog',
    'fail2ban',
  ];
  // The marker is written outside of the unit's walls.
  for (const unit of units) {
    const marker = `/run/failed-once-${unit.replace(/[^a-z0-9]/g, '-')}`;
    await box.run(
      `d='/etc/systemd/system/${unit}.service.d'; mkdir -p "$d"; cat >"$d/zz-fails-once.conf"`,
      `[Service]\nExecStartPre=+/usr/bin/nsenter --target 1 --mount /bin/sh -c 'if [ -e ${marker} ]; then exit 0; fi; touch ${marker}; exit 1'\n`,
    );
  }
  await box.kill();
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', `${said.step}: ${said.error}`);
  for (const unit of units)
    await waitFor(`${unit} to run`, async () =>
      (await box.outcome(`systemctl is-active --quiet '${unit}'`)).code === 0 ? true : undefined,
    );
  t.deepEqual(await openTcpPorts(outside, box.host, 4200), open);
  await box.run('rm /etc/systemd/system/*.service.d/zz-fails-once.conf; systemctl daemon-reload');
});

/** Debian 12's postfix.service is an empty shell around `postfix@-.service`; from Debian 13 on it is the real one. */
async function postfixUnit(box: LabBox): Promise<string> {
  const units = "systemctl list-units --type=service --state=running --plain --no-legend 'postfix*'";
  const running = (await box.run(units)).trim().split('\n');
  if (running.length !== 1) throw new Error(`Postfix runs as ${running.join(', ') || 'nothing'}`);
  return running[0]?.split('.service')[0] ?? '';
}
