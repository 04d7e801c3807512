/** The key of the groupware's doors for programs: made once a boot, the same for both who need it, and for nobody else. */
import test from 'ava';
import { doorKeyStep } from '../../../../box/init/steps/door-key.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { image, settings, TemporaryBox } from '../temporary-box.ts';

const now = () => new Date();
const refresh = async () => undefined;

test('two copies of one key, and again where one was lost or changed', async (t) => {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  const groupware = { davPath: '/SOGo/dav/', owner: 'mail', postgresql: '15' };
  box.write(paths.image, JSON.stringify({ ...image, groupware }));
  const its = { machine, settings, now };
  t.false(await doorKeyStep.done(its));
  await doorKeyStep.run(its, refresh);
  t.true(await doorKeyStep.done(its));
  const key = box.read(paths.doorKey);
  t.regex(key, /^[0-9a-f]{64}\n$/);
  t.is(box.read(paths.groupwareDoorKey), key);
  box.write(paths.groupwareDoorKey, `${'0'.repeat(64)}\n`);
  t.false(await doorKeyStep.done(its));
  await doorKeyStep.run(its, refresh);
  t.true(await doorKeyStep.done(its));
  t.not(box.read(paths.doorKey), key);
});

test('there is none where the groupware asks Dovecot, or where there is no groupware', async (t) => {
  const box = await TemporaryBox.booted(t);
  const its = { machine: box.machine, settings, now };
  t.true(await doorKeyStep.done(its));
  box.write(paths.image, JSON.stringify({ ...image, groupware: { davPath: '/dav/', owner: 'mail' } }));
  t.true(await doorKeyStep.done(its));
  t.false(await box.machine.exists(paths.doorKey));
});
