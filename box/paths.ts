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
  dkim: `${storageRoot}/mail/dkim`,
  dkimKey: `${storageRoot}/mail/dkim/mail.private`,
  dkimRecord: `${storageRoot}/mail/dkim/mail.txt`,
  tls: `${storageRoot}/ssl`,
  tlsKey: `${storageRoot}/ssl/ssl_private_key.pem`,
  certificate: `${storageRoot}/ssl/ssl_certificate.pem`,
  dns: `${storageRoot}/dns`,
  customRecords: `${storageRoot}/dns/custom.yaml`,
  dnssec: `${storageRoot}/dns/dnssec`,
  zones: `${storageRoot}/dns/zones`,
  www: `${storageRoot}/www`,
  wwwDefault: `${storageRoot}/www/default`,
  webPage: `${storageRoot}/www/default/index.html`,

  opendkim: '/etc/opendkim',
  keyTable: '/etc/opendkim/KeyTable',
  signingTable: '/etc/opendkim/SigningTable',
  trustedHosts: '/etc/opendkim/TrustedHosts',
  nsdListen: '/etc/nsd/box/listen.conf',
  nsdZones: '/etc/nsd/box/zones.conf',
  mtaStsPolicy: '/etc/box/mta-sts.txt',
  certificateAuthorities: '/etc/ssl/certs',
  dnsWork: '/run/box/dns',
  dnsProblems: '/run/box/dns-problems.json',
  unbound: '/etc/unbound/unbound.conf.d',
  labResolver: '/etc/unbound/unbound.conf.d/zz-lab.conf',
} as const;

/** Directories that the box writes into, where a power cut may have left a temporary file. */
export const writtenDirectories = [
  '/etc',
  '/etc/box',
  paths.opendkim,
  paths.unbound,
  paths.storage,
  paths.mail,
  paths.dkim,
  paths.tls,
  paths.dns,
  paths.dnssec,
  paths.zones,
  '/etc/nsd/box',
  paths.wwwDefault,
] as const;
