/** What every unit of a box says of its start, of its end and of `box init`: one rule, on each release that has systemd. */
import test from 'ava';
import { releases } from '../../../../releases/index.ts';
import { makeTestPlan } from './planned.ts';
import { unitsOf } from './units.ts';

/** All settings of a unit, by section and key, its drop-ins behind it. */
function settingsOf(texts: readonly string[]): (section: string, key: string) => string[] {
  const found = new Map<string, string[]>();
  for (const text of texts) {
    let section = '';
    for (const line of text.split('\n')) {
      section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) continue;
      found.set(`${section}.${key}`, [...(found.get(`${section}.${key}`) ?? []), value]);
    }
  }
  return (section, key) => found.get(`${section}.${key}`) ?? [];
}

/** Seconds of a time span as systemd.time(7) writes it, as far as units of the box do. */
function seconds(span: string): number {
  if (span === 'infinity') return Number.POSITIVE_INFINITY;
  const [, count, unit = 's'] = /^(\d+)(s|min|h)?$/.exec(span) ?? [];
  return Number(count) * { s: 1, min: 60, h: 3600 }[unit as 's' | 'min' | 'h'];
}

for (const release of [...releases.values()].filter(({ init }) => init === 'systemd')) {
  const plan = makeTestPlan(release);
  const at = '/etc/systemd/system/';
  const units = plan.files.filter(({ path }) => path.startsWith(at) && !path.endsWith('.timer'));
  const unit = (name: string) =>
    settingsOf(
      units
        .filter(({ path }) => path === at + name || path.startsWith(`${at}${name}.d/`))
        .map(({ text }) => text),
    );

  // nftables.service is a rule file that box-init has loaded anew.
  const early = plan.earlyServices
    .filter((name) => !/\.(timer|path|socket)$/.test(name) && name !== 'nftables')
    .map((name) => name.replace(/\.service$/, ''));
  const services = plan.image.services.map((service) => unitsOf(plan, service).at(-1) ?? service);
  const daemons = [...services, ...early].filter(
    (name) => !unit(`${name}.service`)('Service', 'Type').includes('oneshot'),
  );
  for (const name of daemons) {
    test(`${release.name}: ${name} is tried again for ever, and its start may take long`, (t) => {
      const says = unit(`${name}.service`);
      t.is(says('Service', 'Restart').at(-1), 'always');
      t.is(says('Unit', 'StartLimitIntervalSec').at(-1), '0');
      const pause = seconds(says('Service', 'RestartSec').at(-1) ?? '');
      t.true(pause >= 1 && pause <= 30, `${pause} s`);
      t.true(seconds(says('Service', 'TimeoutStartSec').at(-1) ?? '') >= 900);
    });
  }

  test(`${release.name}: what box-init may, box-converge may, which does the same on a box that serves`, (t) => {
    const words = (name: string, key: string) =>
      unit(name)('Service', key).flatMap((line) => line.split(' '));
    for (const key of ['CapabilityBoundingSet', 'ReadWritePaths', 'BindPaths'])
      for (const word of words('box-init.service', key))
        t.true(words('box-converge.service', key).includes(word), `${key}=${word}`);
  });

  test(`${release.name}: what waits for a file is not given up, however often one comes`, (t) => {
    const waiting = units.filter(({ path }) => path.endsWith('.path'));
    t.true(waiting.length > 3);
    for (const { path } of waiting) {
      const service = path.slice(at.length).replace(/path$/, 'service');
      t.is(unit(service)('Unit', 'StartLimitIntervalSec').at(-1), '0', service);
    }
  });

  for (const name of ['box-init', 'box-ready']) {
    test(`${release.name}: ${name} is tried again until it succeeds`, (t) => {
      const says = unit(`${name}.service`);
      t.deepEqual(
        [says('Service', 'Restart'), says('Unit', 'StartLimitIntervalSec')],
        [['on-failure'], ['0']],
      );
    });
  }

  test(`${release.name}: nothing stops when box-init does`, (t) => {
    for (const { path, text } of units)
      t.notRegex(text, /^(Requires|Requisite|BindsTo|PartOf)=.*\bbox-(init|ready)\b/m, path);
    t.notRegex(units.map(({ text }) => text).join('\n'), /^ExecStop.*fence close/m);
  });

  test(`${release.name}: what is started at the side to converge a box that serves has the walls of box-init`, (t) => {
    const walls = (name: string) => {
      const text = units.find(({ path }) => path === `${at}${name}`)?.text ?? '';
      const from = text.indexOf('\nNoNewPrivileges=');
      return text
        .slice(from)
        .replace(/\n\[Install\][\s\S]*/, '')
        .replace(' CAP_NET_ADMIN', '')
        .trim();
    };
    t.is(walls('box-converge.service'), walls('box-init.service'));
  });
}
