/** The power fails at each rename of an upgrade, one after the other. */
import { existsSync, readdirSync } from 'node:fs';
import test from 'ava';
import { launch, lived, record, root, state, works } from '../unit/box/storage/another-image.ts';
import type { TemporaryBox } from '../unit/box/temporary-box.ts';

/** Lets the power fail at the n-th rename of something whole. */
function cutAt(
  box: TemporaryBox,
  n: number,
): { readonly happened: () => boolean; readonly mend: () => void } {
  const { machine } = box;
  const real = machine.moveOver.bind(machine);
  let left = n;
  machine.moveOver = async (fresh, place) => {
    left -= 1;
    if (left <= 0) throw new Error('the power fails');
    return real(fresh, place);
  };
  return {
    happened: () => left <= 0,
    mend: () => {
      machine.moveOver = real;
    },
  };
}

for (const [what, mail] of [
  ['works', true],
  ['does not', false],
] as const)
  test(`a power cut at any rename of an upgrade that ${what}: the former image finds its state, the new one goes on`, async (t) => {
    t.timeout(20 * 60_000);
    for (let n = 1; ; n++) {
      const box = await lived(t);
      const before = state(box);
      launch(box, 'two');
      works(box, mail);
      const cut = cutAt(box, n);
      if ((await box.box('init')) === 0) await box.box('ready');
      const happened = cut.happened();
      cut.mend();
      if (!happened) {
        t.true(n > (mail ? 3 : 8), 'it has cut something');
        break;
      }
      const goesOn = n % 2 === 0;
      launch(box, goesOn ? 'two' : 'one');
      works(box);
      t.is(await box.box('init'), 0, `cut ${n}: ${box.said.join('\n')}`);
      if (!goesOn && record(box).healthy.id === 'one' && record(box).trying === undefined)
        t.deepEqual(state(box), before, `cut ${n}`);
      t.is(await box.box('ready'), 0, `cut ${n}: ${box.said.join('\n')}`);
      t.like(record(box), { healthy: { id: goesOn ? 'two' : 'one' } });
      const found = ['deferred/A', 'incoming'].flatMap((queue) => {
        const folder = box.at(`${root}/mail/queue/${queue}`);
        return existsSync(folder) ? readdirSync(folder) : [];
      });
      t.deepEqual(found, ['ABC'], `cut ${n}: what waited is there once`);
      t.is(box.read(`${root}/mail/mailboxes/example.com/me/cur/1.mail:2,S`), 'a mail\n');
      for (const name of ['before', 'going-back', 'coming-back', 'given-up'])
        t.false(existsSync(box.at(`${root}/backup/${name}`)), `cut ${n}: ${name}`);
    }
  });
