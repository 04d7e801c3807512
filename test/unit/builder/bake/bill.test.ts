/** The bills of an image: out of its provisioned tree, or of what a machine said that baked it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type BillRequest, writeBill } from '../../../../builder/bake/bill.ts';
import { planned } from '../../../../builder/compile.ts';
import { loadConfig } from '../../../../builder/config/load.ts';
import { run } from '../../../../builder/host/run.ts';
import { copyright, status, subject } from '../trust/bill/small-system.ts';

const compiled = planned(loadConfig('example.yaml').config);
const inputs = { 'base tree': '62cb6dee39263a30', '/etc/postfix/main.cf': '8426edd13c96c571' };
const files = { 'example.qcow2': { bytes: 1, sha256: 'a'.repeat(64) } };
const manifest = { ...subject, imageId: subject.id, inputs, files };

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'letterbox-bill-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  for (const each of ['out', 'work', 'base', 'debs', 'tree']) mkdirSync(path.join(made, each));
  return made;
}

function put(at: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
  writeFileSync(path.join(at, name), text);
}

const request = (at: string, tree: string | undefined): BillRequest => ({
  compiled,
  manifest,
  tree,
  base: path.join(at, 'base'),
  debs: path.join(at, 'debs'),
  work: path.join(at, 'work'),
});

/** A system as the bake packs it. */
async function packed(at: string): Promise<string> {
  const tree = path.join(at, 'tree');
  put(tree, 'var/lib/dpkg/status', status);
  put(tree, 'var/lib/dpkg/diversions', '');
  put(tree, 'var/lib/dpkg/alternatives/awk', 'auto\n/usr/bin/awk\n\n/usr/bin/mawk\n5\n\n');
  put(
    tree,
    'var/lib/dpkg/info/libc6:amd64.list',
    '/.\n/lib\n/lib/libc.so.6\n/usr/share/doc/libc6/copyright\n',
  );
  put(tree, 'usr/share/doc/libc6/copyright', copyright);
  put(tree, 'usr/lib/libc.so.6', '');
  symlinkSync('usr/lib', path.join(tree, 'lib'));
  // A link of a package's must not lead the reader out of the tree.
  mkdirSync(path.join(tree, 'usr/share/doc/postfix'));
  symlinkSync('/etc/passwd', path.join(tree, 'usr/share/doc/postfix/copyright'));
  put(tree, 'usr/lib/box/packages-date', '2026-11-24\n');
  put(tree, 'etc/postfix/main.cf', '');
  put(tree, 'usr/bin/stranger', '');
  const file = path.join(at, 'root.tar');
  await run(['tar', '-c', '--sort=name', '-f', file, '-C', tree, '.']);
  return file;
}

test('out of a tree: each file is a component’s, has a reason, or is told', async (t) => {
  const at = folder(t);
  const out = path.join(at, 'out');
  const { files: written, owners } = await writeBill(out, request(at, await packed(at)));
  t.deepEqual(Object.keys(written), ['bom.cdx.json', 'bom.spdx.json', 'unowned.json']);
  t.like(owners, { packages: 3, overlay: 1, downloads: 0 });
  const known = owners?.none.flatMap((each) => each.files) ?? [];
  t.true(known.includes('/boot/grub/grub.cfg'), 'what comes with the disk counts, too');
  t.deepEqual(owners?.unknown, ['/usr/bin/stranger', '/usr/share/doc/postfix/copyright']);
  const bill = JSON.parse(readFileSync(path.join(out, 'bom.cdx.json'), 'utf8'));
  t.is(bill.metadata.component.version, subject.id);
  const libc = bill.components.find(({ name }: { name: string }) => name === 'libc6');
  t.is(libc.licenses.length, 3);
});

test('an archive is read once for a base: its digest is noted there', async (t) => {
  const at = folder(t);
  const tree = await packed(at);
  const deb = path.join(at, 'debs/postfix_3.10.13-0+deb13u1_amd64.deb');
  writeFileSync(deb, 'archive');
  await writeBill(path.join(at, 'out'), request(at, tree));
  const bill = () => readFileSync(path.join(at, 'out/bom.spdx.json'), 'utf8');
  const first = bill();
  t.regex(first, /"algorithm": "SHA256"/);
  rmSync(deb);
  await writeBill(path.join(at, 'out'), request(at, tree));
  t.is(bill(), first);
});

test('of a machine’s bake: what its step said, and nothing of files or licences', async (t) => {
  const at = folder(t);
  const said = [...status.split('\n').map((line) => `dpkg: ${line}`), 'box: its packages are of 2026-11-24'];
  put(at, 'work/packer.log', said.map((line) => `    qemu.box: letterbox: ${line}\n`).join(''));
  const { files: written, owners } = await writeBill(path.join(at, 'out'), request(at, undefined));
  t.deepEqual(Object.keys(written), ['bom.cdx.json', 'bom.spdx.json']);
  t.is(owners, undefined);
  t.regex(readFileSync(path.join(at, 'out/bom.cdx.json'), 'utf8'), /pkg:deb\/debian\/postfix@3\.10\.13/);
});

test('a log that says nothing of packages is an error, and no empty bill', async (t) => {
  const at = folder(t);
  put(at, 'work/packer.log', 'qemu.box: letterbox: box: this is image 0123456789abcdef\n');
  await t.throwsAsync(writeBill(path.join(at, 'out'), request(at, undefined)), { message: /30-box/ });
});

test('the step says of a package what its bill wants, and no more', async (t) => {
  const step = readFileSync('packer/provision/30-box.sh', 'utf8');
  const program = /sed -n -E '(.*)' \/var\/lib\/dpkg\/status/.exec(step)?.[1] ?? '';
  const said = await run(['sed', '-n', '-E', program], { input: status });
  t.regex(said, /^letterbox: dpkg: Package: postfix\nletterbox: dpkg: Status: install ok installed\n/);
  t.regex(said, /\nletterbox: dpkg:\nletterbox: dpkg: Package: libc6\n/);
  t.notRegex(said, /mail transport agent/);
});
