/** Rules about disks: what lies where, and what fits. */
import { cloudOf, clouds } from '../../../clouds/index.ts';
import { GiB } from '../values.ts';
import { type Rule, when } from './rule.ts';

const aPartition =
  /^\/dev\/(?:(?:sd|vd|xvd|hd)[a-z]+|(?:nvme\d+n|mmcblk|md)\d+p)\d+$|^\/dev\/disk\/(?:.*-part\d+$|by-part)/;

export const diskRules: readonly Rule[] = [
  {
    name: 'the storage root is not the root disk',
    holds: '`box.storage.device` is not the disk that the box boots from, or a partition of it.',
    reads: ['cloud', 'box.storage.device'],
    check: ({ cloud, box: { storage } }) => {
      const disk = /^\/dev\/(nvme\d+n\d+|mmcblk\d+|[a-z]+)p?\d*$/.exec(storage.device ?? '')?.[1];
      return when(
        disk !== undefined && cloudOf(cloud).rootDisks.includes(disk),
        ['box', 'storage', 'device'],
        `must not be the disk that the box boots from (got "${storage.device}")`,
        'name the second disk, best by its /dev/disk/by-id/ path, or remove the key',
      );
    },
  },
  {
    name: 'the storage root is not a disk that the cloud erases',
    holds: clouds
      .flatMap(({ temporaryDisk }) => temporaryDisk ?? [])
      .map(
        ({ whose, device }) =>
          `On ${whose}, \`box.storage.device\` is not \`${device}\`, the temporary disk.`,
      )
      .join(' '),
    reads: ['cloud', 'box.storage.device'],
    check: ({ cloud, box: { storage } }) => {
      const { temporaryDisk } = cloudOf(cloud);
      if (temporaryDisk === undefined) return [];
      const { whose, device, dataDisks } = temporaryDisk;
      return when(
        storage.device?.replace(/\d+$/, '') === device,
        ['box', 'storage', 'device'],
        `must not be the temporary disk, which ${whose} erases (got "${device}")`,
        `name a data disk by its ${dataDisks} path`,
      );
    },
  },
  {
    name: 'the storage root is a disk that cloud-init mounts',
    holds:
      '`box.storage.device` is a whole disk, by a name without a dot: cloud-init mounts no other, and does not say so.',
    reads: ['box.storage.device'],
    check: ({ box: { storage } }) => {
      const { device = '' } = storage;
      return when(
        aPartition.test(device) || device.includes('.'),
        ['box', 'storage', 'device'],
        `must be a whole disk, by a name without a dot: cloud-init mounts no other (got "${device}")`,
        'name the disk, by /dev/disk/by-id/ or as the kernel does, such as /dev/vdb or /dev/nvme1n1',
      );
    },
  },
  {
    name: 'the largest mail fits the disk',
    holds:
      '`mail.messageSizeLimit` is at most a quarter of `image.diskSize`: Postfix takes no mail at all while less than one and a half times the limit is free.',
    reads: ['mail.messageSizeLimit', 'image.diskSize'],
    check: ({ mail: { messageSizeLimit }, image: { diskSize } }) =>
      when(
        messageSizeLimit * 4 > diskSize,
        ['mail', 'messageSizeLimit'],
        'must be at most a quarter of image.diskSize, since Postfix wants 1.5 times as much free',
        `write ${Math.floor(diskSize / 4 / 1024 ** 2)}MiB or less, or a larger image.diskSize`,
      ),
  },
  {
    name: 'a format is named once',
    holds: 'No format occurs twice in `image.formats`.',
    reads: ['image.formats'],
    check: ({ image: { formats } }) =>
      formats.flatMap((format, index) =>
        when(
          formats.indexOf(format) < index,
          ['image', 'formats', index],
          `"${format}" occurs twice`,
          'remove one',
        ),
      ),
  },
  {
    name: 'a GCE image is whole gibibytes',
    holds: '`image.diskSize` is a multiple of 1GiB where `image.formats` has `gce`, which Google asks for.',
    reads: ['image.formats', 'image.diskSize'],
    check: ({ image: { formats, diskSize } }) =>
      when(
        formats.includes('gce') && diskSize % GiB !== 0,
        ['image', 'diskSize'],
        'must be a multiple of 1GiB for the format gce',
        `write ${Math.ceil(diskSize / GiB)}GiB`,
      ),
  },
];
