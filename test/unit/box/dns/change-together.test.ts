/** Records that many ask for at the same moment: each gets its own answer, and the zone is signed for all of them at once. */
import test from 'ava';
import { changeTogether } from '../../../../box/dns/change-together.ts';
import { settings, TemporaryBox } from '../temporary-box.ts';

const proof = (i: number) => ({
  action: 'set' as const,
  name: `_acme-challenge.h${i}.example.com`,
  type: 'TXT',
  value: `proof${i}`,
});
const zone = '/home/user-data/dns/zones/example.com.signed';

test('twenty at the same moment are signed twice at most: the first, and all that came meanwhile', async (t) => {
  const made = await TemporaryBox.booted(t);
  const box = { machine: made.machine, settings, now: () => made.now };
  made.users.length = 0;
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => changeTogether(box, proof(i))));
  for (const answer of answers) t.deepEqual(answer?.changed, ['example.com']);
  const signed = made.users.filter(({ argv }) => argv[0] === 'ldns-signzone').length;
  t.true(signed >= 1 && signed <= 2, `${signed} times`);
  for (let i = 0; i < 20; i++) t.regex(made.read(zone), new RegExp(`TXT\\s+"proof${i}"`));
});

test('one that can’t be published is refused alone, one that is there already changes nothing', async (t) => {
  const made = await TemporaryBox.booted(t);
  const box = { machine: made.machine, settings, now: () => made.now };
  const [first, again, bad, last] = await Promise.allSettled([
    changeTogether(box, proof(1)),
    changeTogether(box, proof(1)),
    changeTogether(box, { ...proof(2), name: 'not a name.example.com' }),
    changeTogether(box, proof(3)),
  ]);
  t.like(first, { status: 'fulfilled', value: { changed: ['example.com'] } });
  t.deepEqual(again, { status: 'fulfilled', value: undefined });
  t.is(bad.status, 'rejected');
  t.like(last, { status: 'fulfilled', value: { changed: ['example.com'] } });
  t.is((await changeTogether(box, { ...proof(3), action: 'remove' }))?.changed.join(), 'example.com');
  t.notRegex(made.read(zone), /proof3/);
});

test('where the zones can’t be signed, all of them are told so, and the next change is made as ever', async (t) => {
  const made = await TemporaryBox.booted(t);
  const box = { machine: made.machine, settings, now: () => made.now };
  made.broken = ([program]) => program === 'ldns-signzone';
  made.answer = ([program]) => (program === 'ldns-signzone' ? { code: 1, err: 'no entropy' } : undefined);
  const both = await Promise.allSettled([changeTogether(box, proof(1)), changeTogether(box, proof(2))]);
  for (const one of both) t.regex(String(one.status === 'rejected' && one.reason), /can't be served/);
  made.broken = () => false;
  t.deepEqual((await changeTogether(box, proof(3)))?.changed, ['example.com']);
  for (const i of [1, 2, 3]) t.regex(made.read(zone), new RegExp(`proof${i}`));
});
