/**
 * THE contract from the builder to the box: two JSON files, and nothing else crosses by itself. (`report.ts` is the way back; what a
 * bake publishes, and a box may be told to look at, is in `trust/`.)
 *
 * - `/etc/box/settings.json` (lifetime *boot*): who this box is. Carried by user-data, written by cloud-init.
 * - `/usr/lib/box/image.json` (lifetime *image*): what the bake put in. The same for every box of an image.
 *
 * Shell scripts read the same settings as `/etc/box/box.env`, which `box init` writes.
 */
// The namespace import lets the bundler drop what is not used (zod's locales): the box starts faster.
import * as z from 'zod';

/** Where a box keeps its state: the root of Mail-in-a-Box's layout, and where user-data mounts the state volume. */
export const storageRoot = '/home/user-data';

/** A fully qualified host name in ASCII (IDNA already applied), RFC 1123 section 2.1, lower case. */
export const hostnamePattern =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
/** A mail address as Mail-in-a-Box allows one for an account: lower case, plain local part. */
export const accountPattern = /^(?!.*\.\.)[a-z0-9]([a-z0-9_.-]{0,62}[a-z0-9])?@/;
/** crypt(5) SHA-512: `$6$salt$hash`, optionally with `rounds=`. */
export const sha512CryptPattern = /^\$6\$(rounds=\d{4,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}$/;

const hostname = z
  .string()
  .regex(hostnamePattern, 'is not a fully qualified host name in lower case')
  .max(64, 'is longer than the 64 characters that Linux and a certificate subject allow');
const account = z
  .string()
  .refine((s) => accountPattern.test(s) && hostnamePattern.test(s.slice(s.indexOf('@') + 1)), {
    message: 'is not a plain lower-case mail address',
  });
/** An address, or a network in CIDR notation. */
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
/** What a log-in at a relay host may be made of: Postfix's table has `name:password` on one line. */
export const relayUsernamePattern = /^[!-9;-~]{1,255}$/;
export const relayPasswordPattern = /^[!-~]([ -~]{0,253}[!-~])?$/;

/** An ssh public key on one line, without options. */
export const sshKeyPattern =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+={0,2}( [^\r\n]*)?$/;

/** Another host's folder, as a backup's target names it. A shell reads parts of it, so that nothing may be in one that a shell reads. */
export const rsyncTargetPattern =
  /^rsync:\/\/(?<user>[A-Za-z_][A-Za-z0-9_.-]{0,63})@(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(?<port>\d{1,5}))?\/(?<path>[A-Za-z0-9_./-]{1,500})$/;
const hostAndPort = '(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::(?<port>\\d{1,5}))?';
/** A bucket, in Mail-in-a-Box's form. The region is in the names of Amazon's own hosts. */
export const bucketTargetPattern = new RegExp(
  `^s3://(?:(?<region>[a-z0-9-]{1,40})@)?${hostAndPort}/(?<bucket>[a-z0-9][a-z0-9.-]{1,62})(?:/(?<path>[A-Za-z0-9_./-]{0,500}))?$`,
);
/** A folder of a WebDAV server, by TLS. */
export const davTargetPattern = new RegExp(`^webdavs://${hostAndPort}/(?<path>[A-Za-z0-9_.@~+/-]{1,500})$`);
/** A folder that is read by HTTPS. No login: it would be in the image, and in every copy of it. */
export const updatesPattern = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~%-]+)*\/?$/;
/** A public key in minisign's form: the kind, its number and its 32 bytes. */
export const publicKeyPattern = /^RW[QRST][A-Za-z0-9+/]{53}$/;
/** A moment as duplicity names its backups, or a day: `20261126T133000Z`, `2026-11-26`. */
export const backupTimePattern = /^(\d{8}T\d{6}Z|\d{4}-\d\d-\d\d)$/;

const argv = z.array(z.string()).min(1);

export const settingsSchema = z.strictObject({
  /** Version of this file's shape; a box refuses one that it does not know. */
  format: z.literal(1),
  /** The box's own name: host name, MX, certificate subject. */
  hostname,
  admin: z.strictObject({
    /** The first account; it gets the `admin` privilege. */
    email: account,
    /** SHA512-CRYPT of its password. Absent: the account can't log in until `box account password`. */
    passwordHash: z.string().regex(sha512CryptPattern, 'is not a SHA512-CRYPT hash ($6$...)').optional(),
  }),
  /** tz database name, e.g. `Europe/Berlin`. */
  timezone: z.string().regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, 'is not a time zone name'),
  /** The address the world reaches the box at, where it is not the one on its interface (NAT). */
  publicIpv4: z.ipv4().optional(),
  publicIpv6: z.ipv6().optional(),
  storage: z.strictObject({
    /** Block device that holds the storage root. Absent: the storage root lies on the root file system. */
    device: z
      .string()
      .regex(/^\/dev\/[A-Za-z0-9/_.-]+$/, 'is not a path under /dev')
      .optional(),
  }),
  /** The host that all mail out goes through, where a cloud blocks port 25. */
  relay: z
    .strictObject({
      host: hostname,
      /** With STARTTLS: not 465, which speaks TLS from the first byte. */
      port: z
        .number()
        .int()
        .min(1)
        .max(65535)
        .refine((port) => port !== 465, 'is 465, where there is no STARTTLS'),
      username: z.string().regex(relayUsernamePattern, 'is not plain ASCII without blanks and colons'),
      /** The password itself: the relay wants it. Everything else in the settings is a hash at most. */
      password: z.string().regex(relayPasswordPattern, 'is not one line of plain ASCII'),
    })
    .optional(),
  /** Absent: the box sends other domains the reports that they ask for (DMARC, TLSRPT). */
  reports: z.literal(false).optional(),
  /** Absent: the box serves its own zones. */
  dns: z
    .strictObject({
      /** `external`: somebody else serves them; the box prints what they must hold, and checks it. */
      mode: z.literal('external').optional(),
      /** Of the DNSSEC keys that the box makes; those that exist are kept. Absent: ECDSAP256SHA256. */
      algorithm: z.literal('RSASHA256').optional(),
      /** The zones that somebody else serves, where the box serves the others. */
      external: z.array(z.string().regex(hostnamePattern, 'is not a domain in lower case')).min(1).optional(),
    })
    .optional(),
  /** Absent: the box asks no authority for certificates until its owner runs `box tls provision`. */
  acme: z
    .strictObject({
      /** The authority's directory (RFC 8555, section 7.1.1). Absent: Let's Encrypt. */
      directory: z.url({ protocol: /^https$/ }).optional(),
      /** Where the authority may write to. */
      email: account.optional(),
      /** How ownership is proven. Absent: `http-01`. */
      challenge: z.literal('dns-01').optional(),
    })
    .optional(),
  bruteForce: z
    .strictObject({
      /** Who is never banned, whatever fails from there. */
      allow: z.array(network).min(1),
    })
    .optional(),
  web: z
    .strictObject({
      /** Who may upload web pages by sftp. */
      sftpKeys: z.array(z.string().regex(sshKeyPattern, 'is not one ssh public key')).min(1),
    })
    .optional(),
  /** A backup that becomes this box's state before it makes anything of its own. Its key is no setting: whoever can read user-data could read the mail. */
  restore: z
    .strictObject({
      /** `local`: the owner brings the files too, to where the box has its own backups. What opens a store is no setting either. */
      from: z.union(
        [
          z.literal('local'),
          ...[rsyncTargetPattern, bucketTargetPattern, davTargetPattern].map((one) => z.string().regex(one)),
        ],
        'is neither local nor rsync:, s3: or webdavs: with a place',
      ),
      /** The ssh key that another host must show. */
      hostKey: z.string().regex(sshKeyPattern, 'is not one ssh public key').optional(),
      /** The state as it was then. Absent: the last backup. */
      time: z
        .string()
        .regex(backupTimePattern, 'is neither a day nor the time of a backup (20261126T133000Z)')
        .optional(),
    })
    .refine(
      ({ from, hostKey }) => !from.startsWith('rsync:') || hostKey !== undefined,
      'names another host without its hostKey',
    )
    .optional(),
  /** FOR TESTS ONLY: another DNS root. The lab's small internet has its own; no real box sets this. */
  lab: z
    .strictObject({
      /** Addresses of the root name servers. */
      rootHints: z.array(z.union([z.ipv4(), z.ipv6()])).min(1),
      /** The root's DS or DNSKEY record; absent: validation is off. */
      trustAnchor: z
        .string()
        .regex(/^[^\n"]+$/, 'is not one line without quotes')
        .optional(),
      /** The certificate (PEM) behind https of the ACME directory, which no public authority issued. */
      acmeAuthority: z.string().startsWith('-----BEGIN CERTIFICATE-----').optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const imageSchema = z.strictObject({
  format: z.literal(1),
  /** The name in `box.yaml`, the builder's version and the release, for people and for `box status`. */
  name: z.string(),
  version: z.string(),
  release: z.string(),
  /** The roles that are in it: what a config may leave out is not there. */
  roles: z.array(z.string()),
  /** Absent where the image has no calendars and address books. */
  groupware: z
    .strictObject({
      /** The root of CalDAV and CardDAV, at the box's own name. */
      davPath: z.string().regex(/^\/([\w.-]+\/)+$/, 'is not a path with a slash at both ends'),
      /** The user of the system whose its files on the storage root are. */
      owner: z.string(),
      /** The major version of PostgreSQL that keeps them, whose files no other one reads. Absent: SQLite keeps them. */
      postgresql: z.string().regex(/^\d+$/, 'is no major version').optional(),
    })
    .optional(),
  /** Where the images of this name are published, and who signs them. Absent: the box asks nobody for a newer one. */
  updates: z
    .strictObject({
      from: z.string().regex(updatesPattern, 'is not the https URL of a folder'),
      key: z.string().regex(publicKeyPattern, 'is not a public key in the form of minisign'),
    })
    .optional(),
  /** Services that wait for `box init`, in start order. */
  services: z.array(z.string()),
  servicesWaitForInit: z.boolean(),
  /** Every port the image serves. `public` ports open with the fence; the others are for the box itself. */
  ports: z.array(
    z.strictObject({
      port: z.number().int().min(1).max(65535),
      protocol: z.enum(['tcp', 'udp']),
      /** What speaks there, in the field's terms: `smtpd`, `submission`, `imaps`... */
      name: z.string(),
      role: z.string(),
      /** What answers there, as the init system names it: that is started anew where it hangs. */
      service: z.string().optional(),
      public: z.boolean(),
    }),
  ),
  commands: z.strictObject({
    startService: argv,
    /** Starts all services whose names follow; absent where the init system has no command for more than one. */
    startServices: argv.optional(),
    reloadService: argv,
    restartService: argv,
    stopService: argv,
    serviceRuns: argv,
    openFence: argv,
    closeFence: argv,
    /** Exits 0 for a file that the name server would load as that zone: `{zone}`, `{file}`. */
    checkZone: argv,
    /** Exits 0 when the clock follows a time server. */
    clockIsSet: argv,
    /** Makes the name in /etc/hostname the kernel's. */
    setHostName: argv,
    /** Begins the security upgrade, and doesn't wait for its end. */
    upgrade: argv,
    /** Has process 1 start its own program anew, and keep its services. */
    renewInit: argv,
  }),
});
export type Image = z.infer<typeof imageSchema>;
export type Port = Image['ports'][number];

/** Those that the network may reach. */
export const publicPorts = ({ ports }: Pick<Image, 'ports'>, protocol: Port['protocol']): number[] =>
  ports.filter((port) => port.public && port.protocol === protocol).map(({ port }) => port);
