/** The key that names at the groupware's doors for programs are made with (box/api/http/device-door.ts): of this boot alone. */
import { randomBytes } from 'node:crypto';
import type { Box } from '../../machine/box.ts';
import { paths } from '../../machine/paths.ts';
import { readImage } from '../../machine/settings-file.ts';
import type { Step } from './step.ts';

/** One copy for each of the two that make such names, who have nothing else in common; none where the groupware asks Dovecot. */
async function copies({ machine }: Box) {
  const { groupware } = await readImage(machine);
  if (groupware?.postgresql === undefined) return [];
  return [
    { path: paths.doorKey, mode: 0o640, group: 'box-panel' },
    { path: paths.groupwareDoorKey, mode: 0o640, group: groupware.owner },
  ];
}

export const doorKeyStep: Step = {
  title: 'key of the doors for programs',
  async done(box) {
    const { machine } = box;
    const all = await copies(box);
    const texts = await Promise.all(all.map(({ path }) => machine.read(path)));
    const owned = await Promise.all(all.map((copy) => machine.isOwned(copy)));
    return texts.every((text) => isKey(text) && text === texts[0]) && owned.every(Boolean);
  },
  async run(box) {
    const text = `${randomBytes(32).toString('hex')}\n`;
    for (const copy of await copies(box)) await box.machine.put({ ...copy, text });
  },
};

const isKey = (text: string | undefined) => /^[0-9a-f]{64}\n$/.test(text ?? '');
