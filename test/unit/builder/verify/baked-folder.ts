/** The folder of an image as a bake and all that comes after it leave it, with a few bytes in place of each disk. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { certify } from '../../../../builder/bake/certify.ts';
import { checksum } from '../../../../builder/bake/digest.ts';
import { noteExport } from '../../../../builder/bake/exported.ts';
import type { Manifest } from '../../../../builder/bake/manifest.ts';
import type { SecretKey } from '../../../../builder/trust/secret-key.ts';

export const disks = ['example.qcow2', 'example.vhd'] as const;
export const madeOf = [
  'bake/overlay.tar',
  'bake/packages.txt',
  'bake/downloads/x/y.tar.gz',
  'packer/box.pkr.json',
  'packer/plugins.json',
] as const;
/** By `letterbox export`, after the bake. */
export const exported = 'example.raw.zst';
/** Of one box, of a machine that ran, of launches: no bake makes them. */
export const besides = [
  'user-data',
  'meta-data',
  'seed.iso',
  'settings.json',
  'vm/disk.qcow2',
  'demo-key/id_ed25519',
  'launch/hetzner/main.tf.json',
  'packer/ec2/box.pkr.json',
  'notes.txt',
] as const;

export function put(out: string, name: string, content: string): void {
  mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  writeFileSync(path.join(out, name), content);
}

/** Gives `.../example`. */
export async function bakedFolder(
  t: ExecutionContext,
  signer?: SecretKey,
  { name = 'example', content = '' } = {},
): Promise<string> {
  const place = mkdtempSync(path.join(tmpdir(), 'letterbox-verify-'));
  t.teardown(() => rmSync(place, { recursive: true }));
  const out = path.join(place, 'example');
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const disk of disks.map((each) => each.replace('example', name))) {
    put(out, disk, `the disk ${disk} ${content}`);
    const file = path.join(out, disk);
    files[disk] = { bytes: statSync(file).size, sha256: await checksum(file) };
  }
  for (const each of [...madeOf, ...besides]) put(out, each, `what is in ${each}`);
  await certify(out, { ...manifestOf(name), files }, signer);
  put(out, exported, 'packed');
  const image = files[`${name}.qcow2`]?.sha256 ?? '';
  const file = path.join(out, exported);
  noteExport(out, file, { image, besides: null }, await checksum(file));
  return out;
}

function manifestOf(name: string): Omit<Manifest, 'files'> {
  const inputs = { '/etc/aliases': '8426edd13c96c571', builder: 'native', formats: 'qcow2 vhd' };
  return { name, version: '0.1.0', release: 'debian-13', imageId: '305beb5bfb21acc6', inputs };
}
