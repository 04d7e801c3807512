/** The section `image` of `box.yaml`: what the bake writes, what it is baked with, and where its packages come from. */
import * as z from 'zod';
import { publicKeyPattern, updatesPattern } from '../../contract/settings.ts';
import { builders } from '../../releases/release.ts';
import { MiB, size, text } from './values.ts';

const updates = z.strictObject({
  from: text(
    'URL',
    updatesPattern,
    'must be the https URL of a folder, without a login and a query',
    'https://images.example.net/example',
  ).describe(
    'The folder with `SHA256SUMS`, `SHA256SUMS.minisig` and `manifest.json` of the newest bake. Its certificate must be right; a redirect is not followed.',
  ),
  key: text(
    'public key',
    publicKeyPattern,
    'must be one public key in the form of minisign, a line that begins with RW',
    'RWTEYyptWs/563dXxuM3suSkrMKHKe9292cH1YXlk7QmLqnJd8okSssk',
  ).describe(
    'The public half of the key that signs them, as `letterbox key` shows it and as it is in `letterbox.pub`. No other is believed.',
  ),
});

export const image = z.strictObject({
  diskSize: size('8GiB', '4GiB', '16384GiB', MiB)
    .prefault('8GiB')
    .describe('Size of the disk as the box sees it; the file is far smaller.'),
  formats: z
    .array(z.enum(['qcow2', 'raw', 'vmdk', 'vhd', 'gce']))
    .min(1, 'must name at least one format')
    .default(['qcow2'])
    .describe('Which disk files the bake writes.'),
  builder: z
    .enum(builders)
    .optional()
    .describe(
      "What bakes: `native` runs the steps in the root file system itself and boots nothing, `packer` has Packer's QEMU builder run the same steps in a machine. Without it: what the release prefers, `native` where it can. `letterbox bake --with` decides for one bake.",
    ),
  signingKey: text(
    'path of a file',
    // What begins as minisign's base64 does, or as its files do, is a key.
    /^(?!RW[A-Za-z0-9+/=]{30})(?!untrusted comment)[^\p{Cc}]{1,1024}$/u,
    'must be the path of a key file, and never the key itself',
    'letterbox.key',
  )
    .optional()
    .describe(
      "The key that signs each bake, in minisign's form: the path of its file, from where the config lies. `letterbox key` makes one, or `minisign -G`. A key with a password asks for it at the terminal, or has it from `LETTERBOX_KEY_PASSWORD`. Without it nothing is signed.",
    ),
  updates: updates
    .optional()
    .describe(
      'Where this image is published, so that a box of it says when a newer one is there: once a day, and at `box upgrade check`. It downloads no image. Without it the box asks nobody.',
    ),
  mirror: z
    .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
    .meta({ title: 'URL', examples: ['https://mirror.example.net/debian'] })
    .optional()
    .describe(
      "The distribution's package mirror; the box has its upgrades from there too. Without it the build host's own apt sources are used, or those of the vendor's image where the base is one.",
    ),
  esmMirror: z
    .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
    .meta({ title: 'URL', examples: ['https://esm.example.net/ubuntu'] })
    .optional()
    .describe(
      "The archive of security upgrades that the vendor sells for a release whose free ones have ended, or a mirror of it. Asked while the image is baked and never by the box. Where it wants a log-in, the build host's apt has it: apt_auth.conf(5).",
    ),
});
