/** The folder of an image as a bake and all that comes after it leave it, with a few bytes in place of each disk. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { certify } from '../../../../builder/bake/certify.ts';
import { checksum } from '../../../../builder/bake/digest.ts';
import { noteExport } from '../../../../builder/bake/exported.ts';
import type { Manifest, Written } from '../../../../builder/bake/manifest.ts';
import { billTexts } from '../../../../builder/trust/bill/documents.ts';
import { billFiles } from '../../../../builder/trust/bill/files.ts';
import type { SecretKey } from '../../../../builder/trust/secret-key.ts';
import { components, subject } from '../trust/bill/small-system.ts';

export const disks = ['example.qcow2', 'example.vhd'] as const;
export const madeOf = [
  'bake/overlay.tar',
  'bake/packages.txt',
  'bake/downloads/x/y.tar.gz',
  'packer/box.pkr.json',
  'packer/plugins.json',
] as const;
export const bills = billFiles;
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
  const named = disks.map((each) => each.replace('example', name));
  for (const disk of named) put(out, disk, `the disk ${disk} ${content}`);
  const files = await writtenOf(out, named);
  for (const each of [...madeOf, ...besides]) put(out, each, `what is in ${each}`);
  const texts = billTexts({ ...subject, name, disks: files }, components, owners);
  for (const [each, text] of Object.entries(texts)) put(out, each, text);
  await certify(out, { ...manifestOf(name), files, bills: await writtenOf(out, bills) }, signer);
  put(out, exported, 'packed');
  const image = files[`${name}.qcow2`]?.sha256 ?? '';
  const file = path.join(out, exported);
  noteExport(out, file, { image, besides: null }, await checksum(file));
  return out;
}

/** Whose the files of that image would be. */
const owners = {
  packages: 27277,
  overlay: 295,
  downloads: 0,
  none: [{ why: 'of the machine', files: ['/etc/fstab', '/etc/hosts'] }],
  unknown: [],
};

async function writtenOf(out: string, names: readonly string[]): Promise<Written> {
  const written: Record<string, { bytes: number; sha256: string }> = {};
  for (const name of names) {
    const file = path.join(out, name);
    written[name] = { bytes: statSync(file).size, sha256: await checksum(file) };
  }
  return written;
}

function manifestOf(name: string): Omit<Manifest, 'files'> {
  const inputs = { '/etc/aliases': '8426edd13c96c571', builder: 'native', formats: 'qcow2 vhd' };
  return { name, version: '0.1.0', release: 'debian-13', imageId: '305beb5bfb21acc6', inputs };
}
