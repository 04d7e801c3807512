/**
 * The shape of `box.yaml`. `docs/config.md` and the editors' JSON Schema are generated from it,
 * so every key carries its description here and nowhere else.
 *
 * A message completes the sentence "the value ..."; an example says how to write it. What depends on
 * more than one key, or on the meaning of a value, is a rule (rules.ts).
 */
import * as z from 'zod';
import { cloudNames, clouds, usualCloud } from '../../clouds/index.ts';
import { sha512CryptPattern } from '../../contract/settings.ts';
import { groupwareNames } from '../../releases/release.ts';
import { cloudSections } from './cloud-sections.ts';
import { image } from './image.ts';
import { outbound } from './outbound.ts';
import { restore } from './restore.ts';
import { domain, hostname, MiB, mailAddress, network, size, sshKey, text, usualTimezone } from './values.ts';

/** Keys whose values are never shown, not even when they are wrong. */
export const secretKeys: readonly string[] = [
  'box.admin.passwordHash',
  'box.sshKeys',
  'box.restore.hostKey',
  'web.sftpKeys',
  'outbound.relay.password',
  // A path, but whoever mistakes it writes the key itself.
  'image.signingKey',
  // A public one, but whoever mistakes it writes the secret one.
  'image.updates.key',
];

const admin = z.strictObject({
  email: mailAddress.describe('The first account. It gets the `admin` privilege.'),
  passwordHash: text(
    'SHA512-CRYPT hash',
    sha512CryptPattern,
    'must be a SHA512-CRYPT hash, $6$salt$hash',
    '$6$salt$hash',
  )
    .optional()
    .describe(
      'SHA512-CRYPT of its password, from `letterbox password`. Without it the account is locked until `box account password` is run over ssh.',
    ),
});

const storage = z.strictObject({
  device: text('path', /^\/dev(\/(?!\.)[A-Za-z0-9_.-]+)+$/, 'must be a path under /dev', '/dev/vdb')
    .optional()
    .describe(
      'Block device for the storage root, `/home/user-data`. It is formatted (ext4) only if it holds no file system. Without it the state lies on the root disk.',
    ),
});

const box = z.strictObject({
  hostname: hostname.describe("The box's own name: host name, MX and certificate subject."),
  admin: admin.describe("The box's administrator."),
  sshKeys: z
    .array(sshKey)
    .default([])
    .describe('Public keys that may log in as `root` by ssh. Passwords never can.'),
  timezone: text(
    'time zone',
    /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/,
    'must be a tz database name',
    'Europe/Berlin',
  )
    .default(usualTimezone)
    .describe("The box's time zone, a tz database name."),
  publicIpv4: z
    .ipv4('must be an IPv4 address')
    .meta({ title: 'IPv4 address', examples: ['203.0.113.5'] })
    .optional()
    .describe('The public IPv4 address, where the box is behind NAT and no cloud’s metadata tells it.'),
  publicIpv6: z
    .ipv6('must be an IPv6 address')
    .meta({ title: 'IPv6 address', examples: ['2001:db8::5'] })
    .optional()
    .describe('The public IPv6 address, where it is not on the interface.'),
  storage: storage.prefault({}).describe('Where the box keeps its state.'),
  restore: restore
    .optional()
    .describe(
      'A backup that a new box begins with: it makes no key and opens no port until all of that is there. The key of the backups is no setting; it is brought by ssh (docs/backup.md).',
    ),
});

const dns = z.strictObject({
  mode: z
    .enum(['own', 'external'])
    .default('own')
    .describe(
      "`own`: the box is the name server of its domains, and signs them. `external`: somebody else is; `box dns show` prints what the zones must hold, and `box dns check` compares. The domains' DKIM, DANE and the like then depend on that server.",
    ),
  algorithm: z
    .enum(['ECDSAP256SHA256', 'RSASHA256'])
    .default('ECDSAP256SHA256')
    .describe(
      'Algorithm of the DNSSEC keys that a new box makes. Keys that exist are kept. `RSASHA256` (2048 bits) is for a registrar that knows no other; its answers are larger.',
    ),
  external: z
    .array(domain)
    .default([])
    .describe(
      'Domains of which somebody else is the name server, where the box is that of the others: each by the topmost name that has mail here. `box dns show` and `box dns check` treat them as `mode: external` does all.',
    ),
});

const mail = z.strictObject({
  messageSizeLimit: size('128MiB', '1MiB', '2047MiB')
    .prefault('128MiB')
    .describe('Largest mail that is taken or sent, encoded (Postfix `message_size_limit`).'),
});

const inbound = z.strictObject({
  dmarc: z
    .enum(['quarantine', 'reject'])
    .default('quarantine')
    .describe(
      "What becomes of mail that fails the DMARC check of a domain with `p=reject`: `quarantine` puts it into the recipient's Spam folder, `reject` refuses it. A mailing list's mail may fail through no fault of its own.",
    ),
  legacyTls: z
    .boolean()
    .meta({ title: 'true or false', examples: [true] })
    .default(false)
    .describe(
      'Speak TLS 1.0 and 1.1 too with other mail servers, in and out, rather than in clear: for servers that know nothing newer. `guide-2016` does anyway; people are never offered it by this.',
    ),
});

const tls = z.strictObject({
  policy: z
    .enum(['guide-2016', 'intermediate', 'modern'])
    .default('intermediate')
    .describe(
      '`modern`: TLS 1.3 for people, TLS 1.2 and newer with forward secrecy on port 25. `intermediate`: TLS 1.2 and newer, with old ciphers on port 25 alone. `guide-2016`: TLSv1, 1.1 and 1.2, as the security guide says. docs/tls.md lists what each offers.',
    ),
});

const acme = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .describe(
      'Have a certificate authority issue the certificate, and renew it in time. You agree to its terms. Off: the box asks nobody until you run `box tls provision`.',
    ),
  directory: z
    .url({ protocol: /^https$/, message: 'must be an https URL' })
    .meta({ title: 'URL', examples: ['https://acme.example.net/directory'] })
    .optional()
    .describe("Where the authority's ACME directory is. Without it: Let's Encrypt."),
  email: mailAddress.optional().describe('Where the authority may write to. Many do not want it any more.'),
  challenge: z
    .enum(['http-01', 'dns-01'])
    .default('http-01')
    .describe(
      "How the box proves that its names are its own: by a file on port 80, or by a record in its zones, which works where port 80 can't be reached.",
    ),
});

const bruteForce = z.strictObject({
  allow: z
    .array(network)
    .default([])
    .describe(
      'Who is never banned, however many log-ins fail from there, and may have any number of connections: the address at home or at the office. An IPv6 address stands for its /64, as a ban does.',
    ),
});

const web = z.strictObject({
  sftpKeys: z
    .array(sshKey)
    .default([])
    .describe(
      'Public keys that may upload the domains’ web pages by sftp as `user-data`, and can do nothing else. They see `www` of the storage root alone.',
    ),
});

const groupware = z
  .enum([...groupwareNames, 'none'])
  .optional()
  .describe(
    'Calendars, contacts and ActiveSync: the program that the release has, `sogo` or `sabre` (sabre/dav and Z-Push), or `none`, with which nothing of it is in the image. Without it: what the release has.',
  );

const boot = z.strictObject({
  memory: size('1GiB', '512MiB', '1024GiB', MiB)
    .prefault('1GiB')
    .describe('Memory of the virtual machine that `letterbox boot` starts.'),
  cpus: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(64, 'must be at most 64')
    .meta({ title: 'whole number', examples: [2] })
    .default(2)
    .describe('Its processors.'),
  firmware: z.enum(['bios', 'uefi']).default('bios').describe('Its firmware.'),
});

const withPackages = clouds
  .flatMap(({ name, packages }) =>
    packages === undefined
      ? []
      : `${[...new Set(Object.values(packages).flat())].join(', ')} for \`${name}\``,
  )
  .join(', ');

export const configSchema = z.strictObject({
  name: text(
    'name',
    /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
    'must be 1 to 32 of a-z, 0-9 and -, with a letter first and no - at the end',
    'example',
  ).describe('Names the image and its folder: `out/<name>/<name>.qcow2`.'),
  release: z.string().meta({ title: 'release' }).describe('The operating system release under the box.'),
  cloud: z
    .enum(cloudNames)
    .default(usualCloud)
    .describe(
      `Where the image will be launched: it sets the limit that the user-data must stay under. What is needed there to read them is in the image too: ${withPackages}.`,
    ),
  box: box.describe('Who one box is. It goes into user-data and is not in the image.'),
  dns: dns.prefault({}).describe("Who serves the box's zones. It goes into user-data."),
  mail: mail.prefault({}).describe('Limits of the mail service.'),
  inbound: inbound.prefault({}).describe('How mail from other servers is judged.'),
  outbound: outbound.prefault({}).describe('How mail leaves the box.'),
  tls: tls.prefault({}).describe('Which protocols and ciphers every daemon offers.'),
  acme: acme.prefault({}).describe('Certificates of an authority that speaks ACME. It goes into user-data.'),
  bruteForce: bruteForce
    .prefault({})
    .describe('Whoever tries passwords is banned for a while. It goes into user-data.'),
  web: web.prefault({}).describe('The web sites of the domains. It goes into user-data.'),
  search: z
    .enum(['index', 'none'])
    .optional()
    .describe(
      'Searches in mail: `index`, an index of the texts that grows as mails come, or `none`, with which a search reads the mails. Without it: `index`, where the release has it.',
    ),
  groupware,
  webmail: z
    .enum(['roundcube', 'none'])
    .optional()
    .describe(
      'Mail in a browser, at `/mail` of the box’s own name. Without it: `roundcube`, where the release has it. `none`: nothing of it is in the image.',
    ),
  image: image.prefault({}).describe('What the bake writes.'),
  boot: boot.prefault({}).describe('How `letterbox boot` and `letterbox demo` run the image in QEMU.'),
  clouds: cloudSections,
});

/** A checked config with every default filled in. */
export type Config = z.output<typeof configSchema>;
