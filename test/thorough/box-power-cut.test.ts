import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { File } from '../../box/machine/machine.ts';
import { TemporaryBox } from '../unit/box/temporary-box.ts';

const keys = ['/home/user-data/ssl/ssl_private_key.pem', '/home/user-data/mail/dkim/mail.private'];

test('a box that loses its power at one write after the other comes up whole, and no key ever changes', async (t) => {
  const box = TemporaryBox.fresh(t);
  const put = box.machine.put.bind(box.machine);
  const seen = new Map<string, string>();
  let left = 0;
  let isOff = false;
  box.machine.put = async (file: File) => {
    // ready.json lies in memory, and must be written to tell of the end.
    if (file.path.startsWith('/run/')) return put(file);
    // A step that mail does without does not end the boot, but without power nothing is written any more.
    if (isOff) throw new Error('power cut');
    if (left-- === 0) {
      isOff = true;
      const fresh = path.join(path.dirname(file.path), `.${path.basename(file.path)}.box-new`);
      writeFileSync(box.at(fresh), file.text.slice(0, file.text.length / 2));
      throw new Error('power cut');
    }
    return put(file);
  };
  let cuts = 0;
  for (let boot = 0; boot < 60; boot++) {
    // One write more at every boot would hide cuts at the first write of a later boot: take turns. A set of DNSSEC keys
    // is six writes, and counts only once the last of them is there.
    left = [0, 1, 2, 7][boot % 4] ?? 0;
    isOff = false;
    await box.box('init');
    for (const key of keys) {
      if (!existsSync(box.at(key))) continue;
      t.is(seen.get(key) ?? box.read(key), box.read(key), key);
      seen.set(key, box.read(key));
    }
    if (!isOff) break;
    t.regex(JSON.stringify(box.report()), /"error":"power cut"/);
    cuts++;
  }
  t.true(cuts >= 8, `${cuts} cuts`);
  box.machine.put = put;
  await box.init(t);
  t.true(box.report().steps.every(({ result }) => result === 'done'));
  t.deepEqual(
    Object.keys(box.tree('/home')).filter((file) => file.endsWith('.box-new')),
    [],
  );
});
