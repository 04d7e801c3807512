/** Reports to others in the plan: one box's own wish, and not the image's. */
import test from 'ava';
import { loadConfig } from '../../../../builder/config/load.ts';
import { makePlan } from '../../../../builder/plan/plan.ts';
import { releases } from '../../../../releases/index.ts';

test('that none are sent stands in the settings; that they are needs no word, and the image is the same', (t) => {
  const { config } = loadConfig('example.yaml');
  const release = releases.get(config.release);
  if (release === undefined) throw new Error(config.release);
  const plan = makePlan({ ...config, outbound: { ...config.outbound, reports: false } }, release);
  const { settings, ...image } = makePlan(config, release);
  t.is(settings.reports, undefined);
  t.deepEqual(plan.settings, { ...settings, reports: false });
  t.deepEqual({ ...plan, settings: undefined }, { ...image, settings: undefined });
});
