/** What `box watch` asks, by the ports that each release's image names. */
import test from 'ava';
import { questionsOf } from '../../../box/health/watch/questions.ts';
import { loadConfig } from '../../../builder/config/load.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';

test('on each release every public service of mail, web and names is asked, and by the name that restarts it', (t) => {
  const { config } = loadConfig('examples/guide.yaml');
  for (const release of releases.values()) {
    const plan = makePlan({ ...config, release: release.name }, release);
    const asked = questionsOf(plan.image, [
      { family: 6, address: 'fe80::1' },
      { family: 4, address: '192.0.2.25' },
    ]);
    const services = new Set(asked.map(({ service }) => service));
    for (const name of [
      'nsd',
      'opendkim',
      'dovecot',
      'spampd',
      'postfix',
      'box-keeper',
      'box-panel',
      'nginx',
    ])
      t.true(services.has(name), `${release.name}: ${name}`);
    for (const name of services)
      t.true(
        plan.image.services.includes(name) || plan.earlyServices.includes(name),
        `${release.name}: there is no service ${name}`,
      );
    const names = asked.filter(({ question: { at } }) => 'port' in at && at.port === 53);
    t.deepEqual(
      names.map(({ service, question: { at } }) => [service, 'host' in at && at.host]).sort(),
      [
        [release.roles.resolver.earlyServices[0], '127.0.0.1'],
        ['nsd', '192.0.2.25'],
      ].sort(),
    );
  }
});
