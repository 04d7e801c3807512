/** `letterbox verify`: no byte that a bake wrote can change unseen, and it says what it did not look at. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { certify, certifyKept } from '../../../../builder/bake/certify.ts';
import { digestOfText } from '../../../../builder/bake/digest.ts';
import { readManifest } from '../../../../builder/bake/manifest.ts';
import { makeSecretKey } from '../../../../builder/trust/secret-key.ts';
import { signatureText } from '../../../../builder/trust/sign.ts';
import { type Asked, verifyImage } from '../../../../builder/verify/verify.ts';
import { bakedFolder, besides, bills, disks, exported, madeOf, put } from './baked-folder.ts';

const owner = makeSecretKey();
const stranger = makeSecretKey();

/** What is wrong, without the folder's own path. */
async function wrongIn(asked: Asked): Promise<string[]> {
  const { wrong } = await verifyImage(asked);
  return wrong.map(({ file, rule }) => `${path.relative(asked.dir, file)}: ${rule}`);
}

test('a signed folder: nothing is wrong, and each thing is said, also what was not looked at', async (t) => {
  const dir = await bakedFolder(t, owner);
  const { checked, notChecked, wrong } = await verifyImage({ dir, key: owner });
  t.deepEqual(wrong, []);
  t.regex(
    checked[0] ?? '',
    /^signature: SHA256SUMS is signed by the key [0-9A-F]{16}, for image:example, release:debian-13, letterbox:0\.1\.0, id:305beb5bfb21acc6$/,
  );
  t.deepEqual(checked.slice(1), [
    'sums: 12 files of SHA256SUMS, each byte of them',
    'manifest and provenance: both of example.qcow2, example.vhd; a box of it calls it 305beb5bfb21acc6',
    'bill of materials: 7 components, the same in bom.cdx.json and bom.spdx.json; 2 files of none, each with its reason in unowned.json',
    'example.raw.zst: each byte, by the unsigned note of the export, which had read it back',
  ]);
  const said = notChecked.map((text) => text.split(': ')[0]);
  t.deepEqual(said, [
    'origin',
    'age',
    'demo-key, vm',
    'launch',
    'meta-data, seed.iso, settings.json, user-data',
    'notes.txt',
    'packer/ec2',
  ]);
});

test('without a key it says so, whether there is a signature or not', async (t) => {
  const signature = async (dir: string) =>
    (await verifyImage({ dir })).notChecked.find((text) => text.startsWith('signature: '));
  t.regex((await signature(await bakedFolder(t, owner))) ?? '', /there is one, and no key was named .*--key/);
  t.regex((await signature(await bakedFolder(t))) ?? '', /there is none: .* says nothing of who made them/);
});

const covered = [
  'SHA256SUMS',
  'SHA256SUMS.minisig',
  'manifest.json',
  'provenance.json',
  ...disks,
  ...bills,
  ...madeOf,
];

for (const name of [...covered, exported])
  test(`a changed byte of ${name}, wherever, is found and the file named`, async (t) => {
    const dir = await bakedFolder(t, owner);
    const file = path.join(dir, name);
    const before = readFileSync(file);
    // What minisign takes as a comment for people, and signs in no way.
    const from = name.endsWith('.minisig') ? before.indexOf('\n') + 1 : 0;
    for (let at = from; at < before.length; at += Math.max(1, Math.floor(before.length / 8))) {
      const bytes = Buffer.from(before);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      const found = await wrongIn({ dir, key: owner });
      // Sums that were changed are told by their signature.
      const told = name === 'SHA256SUMS' ? 'SHA256SUMS.minisig' : name;
      t.true(
        found.some((text) => text.startsWith(`${told}: `)),
        `byte ${at}: ${found.join('\n')}`,
      );
    }
    writeFileSync(file, before);
    t.deepEqual(await wrongIn({ dir, key: owner }), []);
  });

for (const name of besides)
  test(`${name} may change: no bake makes it`, async (t) => {
    const dir = await bakedFolder(t, owner);
    put(dir, name, 'else');
    t.deepEqual(await wrongIn({ dir, key: owner }), []);
  });

for (const name of covered.filter((each) => each !== 'SHA256SUMS'))
  test(`${name} is missing: named`, async (t) => {
    const dir = await bakedFolder(t, owner);
    rmSync(path.join(dir, name));
    t.regex((await wrongIn({ dir, key: owner })).join('\n'), new RegExp(`^${name}: is missing`, 'm'));
  });

test('files that claim to be part and are not', async (t) => {
  const dir = await bakedFolder(t, owner);
  for (const name of [
    'bake/more.txt',
    'bake/downloads/z',
    'packer/more.pkr.json',
    'example.raw',
    'example.ova',
  ])
    put(dir, name, 'mine');
  t.deepEqual(await wrongIn({ dir, key: owner }), [
    'bake/downloads/z: is not in SHA256SUMS, and lies where the bake writes',
    'bake/more.txt: is not in SHA256SUMS, and lies where the bake writes',
    'packer/more.pkr.json: is not in SHA256SUMS, and lies where the bake writes',
    'example.ova: was made neither by the bake nor by an export that was noted',
    'example.raw: was made neither by the bake nor by an export that was noted',
  ]);
});

test('a wrong key, and a signature by a stranger with other sums', async (t) => {
  const dir = await bakedFolder(t, owner);
  t.regex((await wrongIn({ dir, key: stranger })).join(), /^SHA256SUMS\.minisig: is by the key /);
  t.deepEqual(await wrongIn({ dir: await bakedFolder(t, stranger), key: stranger }), []);
  t.regex((await wrongIn({ dir: await bakedFolder(t, stranger), key: owner })).join(), /is by the key /);
});

test('another image of the same owner in its place: whole, by its signature alone, by a disk alone', async (t) => {
  const dir = await bakedFolder(t, owner);
  const other = await bakedFolder(t, owner, { name: 'other' });
  const newer = await bakedFolder(t, owner, { content: 'newer' });
  t.deepEqual(await wrongIn({ dir: other, key: owner, name: 'other' }), []);
  t.regex(
    (await wrongIn({ dir: other, key: owner })).join('\n'),
    /^manifest\.json: is of the image "other", and "example" was wanted$/m,
  );
  const swapped = async (...names: string[]) => {
    const place = path.join(path.dirname(dir), `swapped-${names.length}`, 'example');
    mkdirSync(path.dirname(place));
    cpSync(dir, place, { recursive: true });
    for (const name of names) cpSync(path.join(newer, name), path.join(place, name));
    return (await wrongIn({ dir: place, key: owner })).join('\n');
  };
  t.regex(await swapped('SHA256SUMS', 'SHA256SUMS.minisig'), /^example\.qcow2: was changed/m);
  t.regex(await swapped('example.qcow2'), /^example\.qcow2: was changed/m);
  t.regex(
    await swapped('example.qcow2', 'example.vhd', 'manifest.json'),
    /^SHA256SUMS|manifest\.json: was changed/m,
  );
});

test('a valid signature whose comment is of another image', async (t) => {
  const dir = await bakedFolder(t, owner);
  const sums = readFileSync(path.join(dir, 'SHA256SUMS'));
  put(
    dir,
    'SHA256SUMS.minisig',
    signatureText(sums, 'image:other\trelease:debian-13\tletterbox:0.1.0', owner),
  );
  t.regex(
    (await wrongIn({ dir, key: owner })).join(),
    /^SHA256SUMS\.minisig: is for another image .*image:other/,
  );
});

test('a bill of another image, or one that has a component less, though its sum is right', async (t) => {
  for (const [from, to, rule] of [
    [
      '305beb5bfb21acc6',
      '0123456789abcdef',
      'bom.cdx.json: is of another image than manifest.json: example 0123456789abcdef',
    ],
    [
      'pkg:deb/debian/postfix@',
      'pkg:deb/debian/exim@',
      'bom.spdx.json: has other components than bom.cdx.json',
    ],
  ] as const) {
    const dir = await bakedFolder(t);
    const manifest = readManifest(dir);
    if (manifest === undefined) return t.fail();
    const text = readFileSync(path.join(dir, 'bom.cdx.json'), 'utf8').replaceAll(from, to);
    put(dir, 'bom.cdx.json', text);
    const written = { bytes: Buffer.byteLength(text), sha256: digestOfText(text) };
    await certify(dir, { ...manifest, bills: { ...manifest.bills, 'bom.cdx.json': written } }, undefined);
    t.deepEqual(await wrongIn({ dir }), [rule]);
  }
});

test('bills of an image that was there before are taken away, and a folder without any says so', async (t) => {
  const dir = await bakedFolder(t);
  const manifest = readManifest(dir);
  if (manifest === undefined) return t.fail();
  await certify(dir, { ...manifest, bills: undefined }, undefined);
  for (const name of bills) t.false(existsSync(path.join(dir, name)), name);
  const { notChecked, wrong } = await verifyImage({ dir });
  t.deepEqual(wrong, []);
  t.true(notChecked.some((text) => text.startsWith('bill of materials: there is none')));
});

test('an export of an image that was there before', async (t) => {
  const dir = await bakedFolder(t, owner);
  const manifest = readManifest(dir);
  if (manifest === undefined) return t.fail();
  put(dir, 'example.qcow2', 'newer');
  const bytes = 5;
  const sha256 = '37b0b3a4bca5fa8a1ff5ec1d5a9f4c8d64f4b80c0bdb83dd9d3d3b6ccd2a6a55';
  await certify(dir, { ...manifest, files: { 'example.qcow2': { bytes, sha256 } } }, owner);
  t.true(
    (await wrongIn({ dir, key: owner })).includes(
      `${exported}: was exported from another image than the one that lies here`,
    ),
  );
});

test('sums that lead out of the folder, that are nonsense, or that name a file twice', async (t) => {
  const dir = await bakedFolder(t);
  const sum = 'a'.repeat(64);
  put(dir, 'SHA256SUMS', `${sum}  ../../etc/passwd\n${sum}  /etc/passwd\nhello\n${sum}  x\n${sum}  x\n`);
  const found = (await wrongIn({ dir })).join('\n');
  t.regex(found, /^SHA256SUMS: line 1 names a file outside of the folder$/m);
  t.regex(found, /^SHA256SUMS: line 2 names a file outside of the folder$/m);
  t.regex(found, /^SHA256SUMS: line 3 is none of sha256sum's$/m);
  t.regex(found, /^SHA256SUMS: line 5 names x again$/m);
  t.regex(found, /^example\.qcow2: /m, 'and all else is told, too');
});

test('no folder, and a folder where nothing was baked', async (t) => {
  await t.throwsAsync(verifyImage({ dir: '/nonexistent' }), {
    message: /there is no such folder; name .*out\/<name>/,
  });
  const dir = await bakedFolder(t);
  rmSync(dir, { recursive: true });
  mkdirSync(dir);
  t.deepEqual(await wrongIn({ dir }), ['SHA256SUMS: is missing']);
});

test('a key that comes later signs the image that lies there, unless it is not the one that was baked', async (t) => {
  const dir = await bakedFolder(t);
  await certifyKept(dir, owner);
  t.deepEqual(await wrongIn({ dir, key: owner }), []);
  const before = readFileSync(path.join(dir, 'SHA256SUMS.minisig'), 'utf8');
  await certifyKept(dir, undefined);
  t.is(readFileSync(path.join(dir, 'SHA256SUMS.minisig'), 'utf8'), before, 'it stays while it fits');

  const other = await bakedFolder(t);
  put(other, 'example.qcow2', 'mine');
  await t.throwsAsync(certifyKept(other, owner), {
    message: /example\.qcow2 is not what the bake wrote, and is not signed/,
  });
  t.false(existsSync(path.join(other, 'SHA256SUMS.minisig')));
});

test('what was signed once is not signed anew as something else, and another image takes an old signature away', async (t) => {
  const dir = await bakedFolder(t, owner);
  const manifest = readManifest(dir);
  if (manifest === undefined) return t.fail();
  const sha256 = 'b'.repeat(64);
  const forged = { ...manifest, files: { ...manifest.files, 'example.qcow2': { bytes: 4, sha256 } } };
  put(dir, 'manifest.json', JSON.stringify(forged));
  await t.throwsAsync(certifyKept(dir, owner), { message: /is not what the bake wrote/ });
  await certify(dir, forged, undefined);
  t.false(existsSync(path.join(dir, 'SHA256SUMS.minisig')));
});
