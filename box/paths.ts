/** Every path that the box program knows, named once. */

import { storageRoot } from './settings.ts';

export const paths = {
  settings: '/etc/box/settings.json',
  environment: '/etc/box/box.env',
  image: '/usr/lib/box/image.json',
  sqlProgram: '/usr/lib/box/sql.py',

  /** Lives as long as one boot. */
  run: '/run/box',
  ready: '/run/box/ready.json',
  lock: '/run/box/lock',
  volatileMotd: '/run/box/motd',
  motd: '/etc/motd',
  bootId: '/proc/sys/kernel/random/boot_id',
  kernelHostName: '/proc/sys/kernel/hostname',
  mounts: '/proc/self/mountinfo',

  hostName: '/etc/hostname',
  hosts: '/etc/hosts',
  mailName: '/etc/mailname',
  timeZone: '/etc/timezone',
  localTime: '/etc/localtime',
  timeZones: '/usr/share/zoneinfo',
  users: '/etc/passwd',
  groups: '/etc/group',
  sshKeys: '/etc/ssh',

  storage: storageRoot,
  storageVersion: `${storageRoot}/mailinabox.version`,
  mail: `${storageRoot}/mail`,
  accounts: `${storageRoot}/mail/users.sqlite`,
  mailboxes: `${storageRoot}/mail/mailboxes`,
  sieve: `${storageRoot}/mail/sieve`,
  sieveBefore: `${storageRoot}/mail/sieve/global_before`,
  sieveAfter: `${storageRoot}/mail/sieve/global_after`,
  spamFilter: `${storageRoot}/mail/spamassassin`,
  training: `${storageRoot}/mail/spamassassin/training`,
  postgrey: `${storageRoot}/mail/postgrey`,
  postgreyDatabase: `${storageRoot}/mail/postgrey/db`,
  dkim: `${storageRoot}/mail/dkim`,
  dkimKey: `${storageRoot}/mail/dkim/mail.private`,
  dkimRecord: `${storageRoot}/mail/dkim/mail.txt`,
  tls: `${storageRoot}/ssl`,
  tlsKey: `${storageRoot}/ssl/ssl_private_key.pem`,
  certificate: `${storageRoot}/ssl/ssl_certificate.pem`,
  www: `${storageRoot}/www`,
  wwwDefault: `${storageRoot}/www/default`,
  webPage: `${storageRoot}/www/default/index.html`,

  postfix: '/etc/postfix',
  forgedVerdicts: '/etc/postfix/inbound-header-checks',
  spamAssassin: '/etc/spamassassin',
  spamVerdicts: '/etc/spamassassin/box-verdicts.cf',

  authorities: '/etc/ssl/certs/ca-certificates.crt',
  tlsPolicyCache: '/var/lib/box-tls-policy',

  relayHost: '/etc/postfix/relay-host',
  relayPassword: '/etc/postfix/relay-password',
  relayTlsPolicy: '/etc/postfix/relay-tls-policy',

  opendkim: '/etc/opendkim',
  keyTable: '/etc/opendkim/KeyTable',
  signingTable: '/etc/opendkim/SigningTable',
  trustedHosts: '/etc/opendkim/TrustedHosts',
  unbound: '/etc/unbound/unbound.conf.d',
  labResolver: '/etc/unbound/unbound.conf.d/zz-lab.conf',
} as const;

/** Directories that the box writes into, where a power cut may have left a temporary file. */
export const writtenDirectories = [
  '/etc',
  '/etc/box',
  paths.opendkim,
  paths.postfix,
  paths.spamAssassin,
  paths.unbound,
  paths.storage,
  paths.mail,
  paths.dkim,
  paths.tls,
  paths.wwwDefault,
] as const;
