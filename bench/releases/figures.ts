/** What is measured of a release, and in which unit. */

/** Of the box, by the part that a measuring program is asked for. */
export const ofBox = {
  boots: { 'first boot, in the lab': 's', 'later boot, in the lab': 's' },
  idle: { 'memory of a box at rest, in the lab': 'MiB' },
  mail: { 'mail through the whole chain': 'mails/s', 'one mail, p50': 's' },
  search: {
    'ten thousand mails indexed': 's',
    'a search by the index': 'ms',
    'a search by reading': 'ms',
    'index of ten thousand mails': 'KiB',
  },
  emulated: { 'first boot, emulated': 's', 'later boot, emulated': 's' },
} as const;

/** Of the image. */
export const ofImage = {
  'base tree, its packages at hand': 's',
  'bake, with the disk': 's',
  'the image, qcow2': 'MiB',
} as const;

export type Part = keyof typeof ofBox;
