/** What must not be in a baked image: anything that two boxes would share, and anything of the bake. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { readManifest } from '../../builder/bake/manifest.ts';
import type { Ownership } from '../../builder/trust/bill/owners.ts';
import { verifyImage } from '../../builder/verify/verify.ts';
import { artefacts } from '../rig/artefacts.ts';
import { bakedImage } from '../rig/image.ts';
import { output } from '../rig/program.ts';
import { sharedRawImage, withImageMounted } from './world/image.ts';
import { findSecrets, findSecretsInImage, publicFiles } from './world/secrets.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-image');
const mountPoint = path.join(kept.folder, 'root');
mkdirSync(mountPoint);
const image = sharedRawImage(kept.folder);

/** Examples in programs and manuals, which are the same for everyone who has the package. */
let examples = new Set<string>();

test('no private key and no password hash lies in any file, but for examples in packages', async (t) => {
  const found = await findSecretsInImage(await image, mountPoint);
  const known = await publicFiles(
    await image,
    mountPoint,
    found.map((finding) => finding.path),
  );
  t.deepEqual(
    found.filter((finding) => !known.has(finding.path)),
    [],
  );
  examples = new Set(found.map(({ digest }) => digest));
});

test('nor in the blocks of deleted files, or anywhere else on the disk', async (t) => {
  const found = await findSecrets([(await image).path]);
  t.true(found.length > 0, 'the search finds at least the examples');
  t.deepEqual(
    found.filter(({ digest }) => !examples.has(digest)),
    [],
  );
});

test('what a machine makes for itself is not there yet', async (t) => {
  const list = await inImage(`
    for f in etc/ssh/ssh_host_* root/.ssh root/.bash_history var/lib/systemd/random-seed var/lib/dbus/machine-id \
      var/lib/cloud/instance var/lib/cloud/instances var/lib/dhcp/*.leases run/* tmp/.[!.]* tmp/* root/bake \
      etc/box/settings.json etc/box/box.env home/user-data/* var/lib/apt/lists/*_* var/cache/apt/archives/*.deb \
      var/lib/unbound/*.key etc/unbound/*.key etc/ssl/private/* var/lib/chrony/* var/lib/nsd/* \
      etc/roundcube/des_key etc/php/*/fpm/pool.d/*; do
      if [ -e "$f" ] || [ -L "$f" ]; then echo "$f"; fi
    done`);
  t.deepEqual(
    list.split('\n').filter((line) => line !== '' && line !== 'run/lock'),
    [],
  );
});

test('the key that Roundcube’s package makes for every box of an image is not kept', async (t) => {
  t.is(
    await inImage(`grep -rlE "des_key'\\] *= *'" etc var home root || true`),
    'etc/roundcube/defaults.inc.php\n',
  );
});

test('/etc/machine-id is there and empty, so that each boot of a new box makes its own', async (t) => {
  t.is(await inImage('stat -c %s etc/machine-id'), '0\n');
});

test('the kernel of every entry of GRUB’s menu is told to leave out the look at the timer, and to have damaged disks repaired', async (t) => {
  const entries = (await inImage("grep -E '^[[:space:]]*linux[[:space:]]' boot/grub/grub.cfg"))
    .trim()
    .split('\n');
  t.true(entries.length > 0);
  for (const word of ['no_timer_check', 'fsck.repair=yes'])
    t.deepEqual(
      entries.filter((entry) => !entry.split(' ').includes(word)),
      [],
      word,
    );
});

test('the initrd: packed as its kernel unpacks it, with the disks of every hypervisor, the root’s fsck and little else', async (t) => {
  const names = await inImage(
    `mount --bind /dev "$1/dev"
    for initrd in boot/initrd.img-*; do
      grep -qx CONFIG_RD_ZSTD=y "boot/config-\${initrd#boot/initrd.img-}" || exit 1
      # The kernel's own archive comes first where its modules are packed already; what is packed is zstd's.
      LC_ALL=C grep -qaP '\\x28\\xb5\\x2f\\xfd' "$initrd" || exit 1
      chroot "$1" lsinitramfs "/$initrd"
      # What the kernel itself has need not be there.
      cat "usr/lib/modules/\${initrd#boot/initrd.img-}/modules.builtin"
    done`,
  );
  for (const name of [
    'virtio_blk',
    'virtio_scsi',
    'virtio_pci',
    'xen-blkfront',
    'hv_storvsc',
    'vmw_pvscsi',
    'ata_piix',
    'ahci',
    'nvme',
    'mptspi',
    'mptsas',
  ])
    t.regex(names, new RegExp(`/${name}\\.ko(\\.xz)?$`, 'm'), name);
  for (const name of ['sd_mod', 'sr_mod', 'isofs', 'vfat'])
    t.regex(names, new RegExp(`/${name}\\.ko(\\.xz)?$`, 'm'), name);
  t.regex(names, /^usr\/sbin\/fsck\.ext4$/m);
  t.notRegex(names, /\/(btrfs|nfs|mlx5_core)\.ko(\.xz)?$/m);
});

test('every datasource that cloud-init may find can be asked for its network again, as at a later boot', async (t) => {
  const program = fileURLToPath(new URL('world/ask-network-again.py', import.meta.url));
  const script =
    'mount --bind /dev "$1/dev" && mount --bind /proc "$1/proc" && exec chroot "$1" python3 -B -';
  const argv = ['sh', '-c', script, 'sh', mountPoint];
  const said = await withImageMounted(await image, mountPoint, argv, {
    input: readFileSync(program, 'utf8'),
  });
  const lines = said.trimEnd().split('\n');
  t.true(lines.includes('DataSourceConfigDrive nothing') && lines.length > 12, said);
  t.deepEqual(
    lines.filter((line) => !/ (network|nothing)$/.test(line)),
    [],
  );
});

test('no log of the bake is kept', async (t) => {
  t.is(await inImage('find var/log -type f -size +0 | sort'), '');
});

test('nothing in it is world-writable but the usual temporary folders', async (t) => {
  t.is(await inImage('find . -xdev -type f -perm -0002'), '');
  const folders = await inImage('find . -xdev -type d -perm -0002 ! -perm -1000');
  t.is(folders, '');
});

test('nobody but root has a shell and a home to log in to, and no account has a password', async (t) => {
  const shadow = await inImage('cut -d: -f1,2 etc/shadow');
  t.deepEqual(
    shadow.split('\n').filter((line) => line !== '' && !/:[!*]/.test(line)),
    [],
  );
});

test('SHA256SUMS holds', async (t) => {
  const folder = path.dirname(bakedImage());
  const said = await output(['sh', '-c', 'cd "$1" && sha256sum --check SHA256SUMS', 'sh', folder]);
  t.true(said.includes(`${path.basename(bakedImage())}: OK`), said);
});

test('the bake’s folder is whole, and knows its image by the number that the image has', async (t) => {
  const dir = path.dirname(bakedImage());
  const { wrong } = await verifyImage({ dir, name: path.basename(bakedImage(), '.qcow2') });
  t.deepEqual(wrong, []);
  t.is(readManifest(dir)?.imageId, (await inImage('cat usr/lib/box/image-id')).trim());
  t.regex(await inImage('cat usr/lib/box/packages-date'), /^20\d\d-\d\d-\d\d\s*$/);
});

test('every file of the image is a component’s, or has its reason', (t) => {
  const owners = path.join(path.dirname(bakedImage()), 'unowned.json');
  const { packages, unknown } = JSON.parse(readFileSync(owners, 'utf8')) as Ownership;
  t.true(packages > 10_000);
  t.deepEqual(unknown, [], 'a reason belongs into builder/trust/bill/reasons.ts, if there is one');
});

/** Runs a shell script in the mounted image's root folder. */
async function inImage(script: string): Promise<string> {
  return withImageMounted(await image, mountPoint, [
    'sh',
    '-c',
    `cd "$1" && ${script.trim()}`,
    'sh',
    mountPoint,
  ]);
}
