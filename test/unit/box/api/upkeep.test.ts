/** What the API says of newer versions: nobody is asked, or whoever the image names. */
import test from 'ava';
import type { Call } from '../../../../box/api/route.ts';
import { upkeepRoutes } from '../../../../box/api/routes/upkeep.ts';
import { Failure } from '../../../../box/machine/failure.ts';
import { image, TemporaryBox } from '../temporary-box.ts';

const ask = (box: TemporaryBox, route: string, params: object = {}) => {
  const found = upkeepRoutes.find(({ method, path }) => `${method} /system/${path.slice(8)}` === route);
  const call = { machine: box.machine, door: { now: () => box.now.getTime() } } as unknown as Call;
  if (found === undefined) throw new Error(`no route ${route}`);
  return found.run(call, params as never);
};

test('an image that names no place: private, and no other value is taken', async (t) => {
  const box = TemporaryBox.fresh(t);
  t.deepEqual(await ask(box, 'GET /system/privacy'), { type: 'json', body: true });
  t.regex(String((await ask(box, 'POST /system/latest-upstream-version')).body), /asks nobody/);
  t.deepEqual(await ask(box, 'POST /system/privacy', { value: 'private' }), { type: 'text', body: 'OK' });
  await t.throwsAsync(ask(box, 'POST /system/privacy', { value: 'off' }), { message: /asks nobody/ });
});

test('an image that names one: it says so, and can’t be told otherwise', async (t) => {
  const box = TemporaryBox.fresh(t);
  const updates = { from: 'https://localhost:1/example', key: `RWQ${'A'.repeat(53)}` };
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, updates }));
  box.write('/etc/ssl/certs/ca-certificates.crt', '');
  t.deepEqual(await ask(box, 'GET /system/privacy'), { type: 'json', body: false });
  await t.throwsAsync(ask(box, 'POST /system/latest-upstream-version'), { instanceOf: Failure });
  t.deepEqual(await ask(box, 'POST /system/privacy', { value: 'off' }), { type: 'text', body: 'OK' });
  await t.throwsAsync(ask(box, 'POST /system/privacy', { value: 'private' }), { message: /ask https/ });
});
