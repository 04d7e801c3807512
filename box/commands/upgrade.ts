/** `box upgrade`: whether a newer image is published; to launch it is its owner's part. */
import { Failure } from '../machine/failure.ts';
import { readImage, readSettings } from '../machine/settings-file.ts';
import { lookForNewer, said } from '../storage/upgrade/compare.ts';
import type { Command } from './command.ts';

const check: Command = {
  name: 'upgrade check',
  operands: [],
  summary: 'ask where images are published whether there is a newer one, and say what to do then',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print {standing, published, running, next}' },
  async run({ machine, options, say, now }) {
    const image = await readImage(machine);
    const compared = await lookForNewer({ machine, image, settings: await readSettings(machine) });
    if (compared === undefined)
      throw new Failure(
        'this image does not say where newer ones are published',
        'name the place and the key in image.updates of box.yaml, and bake: docs/trust.md',
      );
    if (options.json === true) say(JSON.stringify(compared, null, 2));
    else {
      say(said(compared, now()));
      if (compared.next !== undefined) say(`next: ${compared.next}`);
    }
    return 0;
  },
};

export const upgradeCommands: readonly Command[] = [check];
