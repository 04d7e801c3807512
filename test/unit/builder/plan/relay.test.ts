/** A relay host in the plan: for one box, and not for the image. */
import test from 'ava';
import { loadConfig } from '../../../../builder/config/load.ts';
import { makePlan, withoutPassword } from '../../../../builder/plan/plan.ts';
import { releases } from '../../../../releases/index.ts';

const relay = { host: 'smtp.relay.example', port: 587, username: 'me', password: 'hunter2 and: more' };

test('it goes into the settings and not into the image; a plan that is shown does not tell the password', (t) => {
  const { config } = loadConfig('example.yaml');
  const release = releases.get(config.release);
  if (release === undefined) throw new Error(config.release);
  const plan = makePlan({ ...config, outbound: { ...config.outbound, relay } }, release);
  t.deepEqual(plan.settings.relay, relay);
  const { settings: _, ...image } = plan;
  const { settings: __, ...without } = makePlan(config, release);
  t.deepEqual(image, without);
  t.notRegex(JSON.stringify(withoutPassword(plan)), /hunter2/);
});
