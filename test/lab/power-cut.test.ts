/** Cuts a first boot right after each of its steps, at native speed; what only a disk can show is in test/boot. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { kept } from '../rig/behaviour.ts';
import { makeLab } from './world/lab.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-power-cut'));

for (const [index, step] of ['storage', 'TLS key', 'TLS certificate', 'DKIM key', 'accounts'].entries()) {
  test(`cut after the step "${step}": the next boot goes on from there`, async (t) => {
    const { box: makeBox, owner } = await lab;
    const box = await makeBox(`cut-${index}`, owner);
    const files = () =>
      kept.flatMap((file) => {
        const on = path.join(box.folder, 'upper', file);
        return existsSync(on) ? [`${file} ${readFileSync(on, 'utf8')}`] : [];
      });
    await box.start();
    await box.console.match(new RegExp(`box init: ${step}: made`));
    await box.kill();
    const before = files();
    await box.start();
    const said = await box.console.outcome();
    t.is(said.stage, 'ready', said.error);
    const after = files();
    t.deepEqual(
      before.filter((file) => !after.includes(file)),
      [],
      'a key changed after the cut',
    );
    t.is(after.length, kept.length);
    await box.kill();
  });
}
