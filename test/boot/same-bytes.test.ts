/** Two bakes of the same packages and the same config are the same bytes, wherever and whenever; and what is not the same is named. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { readManifest } from '../../builder/bake/manifest.ts';
import { fileDifferences } from '../../builder/verify/differences.ts';
import { readDisk } from '../../builder/verify/disk-files.ts';
import { artefacts } from '../rig/artefacts.ts';
import { imagePath } from '../rig/image.ts';
import { output } from '../rig/program.ts';

const test = process.env.LETTERBOX_RELEASE === undefined ? anyTest.serial : anyTest.serial.skip;
const own = artefacts(anyTest, 'boot-same-bytes');

test('in another folder, time zone and locale and by another umask', async (t) => {
  t.timeout(15 * 60_000);
  const first = readManifest(path.dirname(imagePath()));
  const folder = mkdtempSync(path.join(own.folder, 'again-'));
  const program = fileURLToPath(new URL('../rig/bake-again.ts', import.meta.url));
  const bake = [process.execPath, '--import', 'tsx', program, folder];
  const elsewhere = { TZ: 'Asia/Kathmandu', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
  const said = await output(['sh', '-c', 'umask 027 && exec "$@"', 'sh', ...bake], {
    env: elsewhere,
    seconds: 14 * 60,
  });
  // The base is named by where its packages come from and is the same here: all of the rest was made anew.
  t.deepEqual(JSON.parse(said.trim().split('\n').at(-1) ?? ''), first);
  for (const name of ['SHA256SUMS', 'provenance.json'])
    t.is(
      readFileSync(path.join(folder, 'example', name), 'utf8'),
      readFileSync(path.join(path.dirname(imagePath()), name), 'utf8'),
      name,
    );
  rmSync(folder, { recursive: true });
});

test('of two disks that differ the paths are named, and what of each is another', async (t) => {
  t.timeout(15 * 60_000);
  const place = (name: string) => path.join(own.folder, name);
  const [raw, image] = [place('changed.raw'), place('changed.qcow2')];
  await output(['qemu-img', 'convert', '-O', 'raw', imagePath(), raw]);
  writeFileSync(place('motto'), 'changed\n');
  const changes = [
    'rm /etc/hostname',
    `write ${place('motto')} /etc/motto`,
    'sif /usr/lib/box/box.cjs mode 0100600',
    'rm /etc/postfix/local-aliases',
    `write ${place('motto')} /etc/postfix/local-aliases`,
  ];
  writeFileSync(place('changes'), `${changes.join('\n')}\n`);
  await output(['debugfs', '-w', '-f', place('changes'), `${raw}?offset=${66 * 1024 ** 2}`]);
  await output(['qemu-img', 'convert', '-O', 'qcow2', raw, image]);
  rmSync(raw);

  const look = async (disk: string, name: string) => {
    mkdirSync(place(name));
    return readDisk(disk, place(name));
  };
  const before = await look(imagePath(), 'before');
  t.true(before.kinds.size > 20_000, `${before.kinds.size} paths were looked at`);
  t.regex(before.kinds.get('/etc/shadow') ?? '', /^f 640 0:42 /);
  t.deepEqual(fileDifferences(before, before), []);
  const told = fileDifferences(before, await look(image, 'after')).map((line) =>
    line.replace(/(\d+:\d+) \d+/g, '$1'),
  );
  t.deepEqual(told, [
    '/etc/hostname (not in the new one)',
    '/etc/motto (only in the new one)',
    '/etc/postfix/local-aliases (content; f 644 0:0, and now f 644 0:0)',
    '/usr/lib/box/box.cjs (f 755 0:0, and now f 600 0:0)',
  ]);
});
