/** Every path that the box program knows, named once. */
import { storageRoot } from '../../contract/settings.ts';

export const paths = {
  settings: '/etc/box/settings.json',
  environment: '/etc/box/box.env',
  /** The user-data as the cloud gave it, or what cloud-init decoded of it. */
  userData: '/var/lib/cloud/instance/user-data.txt',
  /** How far it is at this boot, and which datasource it has. */
  cloudInitStatus: '/run/cloud-init/status.json',
  /** What it keeps of the metadata that the datasource has. */
  instanceData: '/run/cloud-init/instance-data.json',
  /** What it does on a box, with the list of datasources that it looks for. */
  cloudInitConfig: '/etc/cloud/cloud.cfg.d/91_box.cfg',
  image: '/usr/lib/box/image.json',
  /** What the image knows of clouds. */
  clouds: '/usr/lib/box/clouds.json',
  /** What the machine's firmware says of it. */
  firmware: '/sys/class/dmi/id',
  /** Names what the bake put into the image: two images with one name are the same. */
  imageId: '/usr/lib/box/image-id',
  /** The day on which the newest of the image's packages was made. */
  packagesDate: '/usr/lib/box/packages-date',
  sqlProgram: '/usr/lib/box/sql.py',
  copyState: '/usr/lib/box/copy-state.py',
  tryMail: '/usr/lib/box/try-mail.py',
  exchangeProgram: '/usr/lib/box/exchange.py',
  verifyProgram: '/usr/lib/box/verify-password.py',

  autoconfig: '/etc/box/autoconfig.xml',
  mailProfile: '/etc/box/mailinabox.mobileconfig',
  profileChain: '/run/box/profile-chain.pem',

  /** Lives as long as one boot. */
  run: '/run/box',
  ready: '/run/box/ready.json',
  /** There once `box init` has succeeded at this boot: services start only then. */
  initialised: '/run/box/initialised',
  lock: '/run/box/lock',
  status: '/run/box/status.json',
  diskHealth: '/run/box/disk-health',
  volatileMotd: '/run/box/motd',
  motd: '/etc/motd',
  /** What sshd shows before a log-in: there only while the box has no settings, and so perhaps no key that opens it. */
  sshBanner: '/run/box/ssh-banner',
  bootId: '/proc/sys/kernel/random/boot_id',
  kernelHostName: '/proc/sys/kernel/hostname',
  mounts: '/proc/self/mountinfo',

  memory: '/proc/meminfo',
  rebootRequired: '/run/reboot-required',
  /** What the look after the last upgrade restarted and left. */
  outdated: '/run/box/outdated.json',
  /** Which services were silent, and which were started anew for it. */
  watch: '/run/box/watch.json',

  hostName: '/etc/hostname',
  hosts: '/etc/hosts',
  mailName: '/etc/mailname',
  timeZone: '/etc/timezone',
  localTime: '/etc/localtime',
  timeZones: '/usr/share/zoneinfo',
  users: '/etc/passwd',
  groups: '/etc/group',
  sshKeys: '/etc/ssh',
  sftpKeys: '/etc/ssh/sftp_keys',

  storage: storageRoot,
  storageVersion: `${storageRoot}/mailinabox.version`,
  stateRecord: `${storageRoot}/letterbox.json`,
  toldStatus: `${storageRoot}/status.json`,
  /** There once all first steps were done. */
  firstStepsDone: `${storageRoot}/first-steps-done`,
  hostKeys: `${storageRoot}/ssh`,
  /** Which state this is, and which one the root disk has had. */
  stateMark: `${storageRoot}/state-id`,
  knownState: '/etc/box/state-id',
  /** Copies of databases, each as it was when it was last known to be whole. */
  lastGood: `${storageRoot}/last-good`,
  mail: `${storageRoot}/mail`,
  accounts: `${storageRoot}/mail/users.sqlite`,
  mailboxes: `${storageRoot}/mail/mailboxes`,
  /** One of a backup, as long as it is read; its owner is the mailboxes’. */
  restoredMail: `${storageRoot}/mail/restored-mail`,
  sieve: `${storageRoot}/mail/sieve`,
  sieveBefore: `${storageRoot}/mail/sieve/global_before`,
  sieveAfter: `${storageRoot}/mail/sieve/global_after`,
  search: `${storageRoot}/mail/search`,
  mailQueue: `${storageRoot}/mail/queue`,
  webmail: `${storageRoot}/mail/roundcube`,
  webmailDatabase: `${storageRoot}/mail/roundcube/roundcube.sqlite`,
  spamFilter: `${storageRoot}/mail/spamassassin`,
  training: `${storageRoot}/mail/spamassassin/training`,
  postgrey: `${storageRoot}/mail/postgrey`,
  postgreyDatabase: `${storageRoot}/mail/postgrey/db`,
  dkim: `${storageRoot}/mail/dkim`,
  /** What other mail servers reported, a file each; of the user who takes such mails apart. */
  reports: `${storageRoot}/mail/reports`,
  /** Mails with reports that nobody took apart yet. */
  newReports: `${storageRoot}/mail/reports/new`,
  /** What is counted for reports to others, and where: of the user who counts. */
  counts: '/var/lib/box-counts',
  tally: '/var/lib/box-counts/tally.json',
  /** OpenDMARC's histories of mail that came: one that it writes, and one that waits to be counted. */
  histories: '/var/lib/box-dmarc',
  /** Which reports were sent to others. */
  sentReports: `${storageRoot}/sent-reports.json`,
  sendLock: '/run/box/send-reports-lock',
  /** Under which names organisations have theirs (publicsuffix.org); what the release has. */
  publicSuffixes: '/usr/share/publicsuffix/public_suffix_list.dat',
  srsSecret: `${storageRoot}/mail/srs-secret`,
  dkimKey: `${storageRoot}/mail/dkim/mail.private`,
  tls: `${storageRoot}/ssl`,
  tlsKey: `${storageRoot}/ssl/ssl_private_key.pem`,
  certificate: `${storageRoot}/ssl/ssl_certificate.pem`,
  nextTlsKey: `${storageRoot}/ssl/next_private_key.pem`,
  previousTlsKey: `${storageRoot}/ssl/previous_private_key.pem`,
  keyChange: `${storageRoot}/ssl/key_change.json`,
  acme: `${storageRoot}/ssl/acme`,
  acmeAccount: `${storageRoot}/ssl/acme/account.pem`,
  acmeState: `${storageRoot}/ssl/acme/state.json`,
  acmeLock: '/run/box/acme-lock',
  acmeWebroot: `${storageRoot}/ssl/lets_encrypt/webroot`,
  acmeTokens: `${storageRoot}/ssl/lets_encrypt/webroot/.well-known/acme-challenge`,
  acmeRecords: `${storageRoot}/ssl/acme/records.json`,
  dns: `${storageRoot}/dns`,
  customRecords: `${storageRoot}/dns/custom.yaml`,
  lastCustomRecords: `${storageRoot}/dns/zones/custom.json`,
  secondaryAddresses: `${storageRoot}/dns/zones/secondaries.json`,
  dnssec: `${storageRoot}/dns/dnssec`,
  rollovers: `${storageRoot}/dns/rollovers.json`,
  tsig: `${storageRoot}/dns/tsig`,
  toldAddresses: '/etc/box/address.json',
  zones: `${storageRoot}/dns/zones`,
  www: `${storageRoot}/www`,
  wwwDefault: `${storageRoot}/www/default`,
  /** The box's own pages. */
  pages: '/etc/box/pages',
  customSites: `${storageRoot}/www/custom.yaml`,
  lastCustomSites: `${storageRoot}/www/custom.last.yaml`,
  nginx: '/etc/nginx/nginx.conf',
  webSites: '/etc/nginx/sites/box.conf',
  webParts: '/etc/nginx/site',
  proxyVerified: '/etc/nginx/site/proxy-verified.conf',
  webOutcome: '/run/box/web.json',

  groupware: `${storageRoot}/groupware`,
  groupwareDatabase: `${storageRoot}/groupware/postgresql`,
  davDatabase: `${storageRoot}/groupware/dav.sqlite`,
  groupwareDump: `${storageRoot}/groupware/groupware.sql`,
  /** The same at the end of a box that was shut down in order. While it has this name, nothing has changed since. */
  groupwareAtRest: `${storageRoot}/groupware/at-rest.sql`,
  dumpGroupware: '/usr/lib/box/dump-groupware',

  backup: `${storageRoot}/backup`,
  backupKey: `${storageRoot}/backup/secret_key.txt`,
  /** A digest of the key that was shown to be printed. */
  backupKeyShown: `${storageRoot}/backup/key-shown`,
  backupConfig: `${storageRoot}/backup/custom.yaml`,
  backupFiles: `${storageRoot}/backup/encrypted`,
  backupCache: `${storageRoot}/backup/cache`,
  backupSnapshots: `${storageRoot}/backup/snapshots`,
  backupWork: `${storageRoot}/backup/work`,
  backupState: `${storageRoot}/backup/state.json`,
  backupSample: `${storageRoot}/backup/sample`,
  backupSshKey: `${storageRoot}/backup/ssh_key`,
  backupKnownHosts: `${storageRoot}/backup/known_hosts`,
  restored: `${storageRoot}/backup/restored`,
  replaced: `${storageRoot}/backup/replaced`,
  /** The state as it was, while another image has to show that it works. */
  before: `${storageRoot}/backup/before`,
  goingBack: `${storageRoot}/backup/going-back`,
  comingBack: `${storageRoot}/backup/coming-back`,
  /** What of a trial, or of the state before it, is not needed any more. */
  givenUp: `${storageRoot}/backup/given-up`,
  /** What opens the store that has that backup, until it is here. */
  restoreLogin: `${storageRoot}/backup/restore-login`,
  /** Which backup became the state of this box at its first boot. */
  firstRestore: `${storageRoot}/backup/first-restore.json`,
  /** Where `box move-in` makes a state of another box's, before it is `restored`. */
  movingIn: `${storageRoot}/backup/moving-in`,
  /** A copy of Nextcloud's database, while it is read. */
  moveInCloud: `${storageRoot}/backup/moving-in-cloud`,
  /** Calendars and contacts by person, until the groupware has taken them. */
  movedIn: `${storageRoot}/moved-in`,
  importGroupware: '/usr/lib/box/import-groupware',
  /** Where it looks at accounts, in a copy. */
  moveInWork: '/run/box/move-in',
  /** What Dovecot is told of other servers while mail is fetched from there. */
  moveInImap: '/run/box/move-in-imap',
  moveInLock: '/run/box/move-in-lock',
  duplicity: '/usr/lib/box/duplicity',
  backupLock: '/run/box/backup-lock',
  /** A restore of mail that the panel ordered: what, how far it is, how it ended. */
  mailRestore: '/run/box/mail-restore.json',
  mailRestoreLock: '/run/box/mail-restore-lock',
  gpgHome: '/run/box/gnupg',
  /** What duplicity needs to know to reach a store, while one of its runs lasts. */
  backupDoor: '/run/box/backup-door',

  /** A file for each app password, by its beginning: when it was written is when that was used last. */
  appPasswordUses: '/var/lib/box-app-passwords',
  panelState: `${storageRoot}/panel`,
  tokens: `${storageRoot}/panel/tokens.json`,

  keeper: '/var/lib/box-keeper',
  keeperSecret: '/var/lib/box-keeper/api.key',
  keeperSessions: '/var/lib/box-keeper/sessions.json',
  samples: '/var/lib/box-keeper/samples',
  samplesPlace: '/var/lib/box-keeper/samples/place.json',
  mailLog: '/var/log/mail.log',
  load: '/proc/loadavg',
  keeperSocket: '/run/box/keeper.sock',
  panelSocket: '/run/box-panel/http.sock',
  deviceDoor: '/run/box-panel/doors.sock',
  /** The same key twice: for the panel's web process, and for the groupware's database. */
  doorKey: '/run/box/door-key',
  groupwareDoorKey: '/run/box/groupware-door-key',
  webmailSocket: '/run/box-webmail/php.sock',

  postfix: '/etc/postfix',
  postfixCaches: '/var/lib/postfix',
  forgedVerdicts: '/etc/postfix/inbound-header-checks',
  unreportable: '/etc/postfix/bounce-checks',
  spamAssassin: '/etc/spamassassin',
  spamVerdicts: '/etc/spamassassin/box-verdicts.cf',

  webmailKey: '/etc/roundcube/des_key',
  webmailSchemas: '/usr/share/roundcube/SQL',
  /** Runs a program as PHP's user. */
  asWebmail: '/usr/lib/box/as-webmail',
  webmailPrograms: '/usr/share/roundcube/bin',

  authorities: '/etc/ssl/certs/ca-certificates.crt',
  outboundTlsCache: '/var/lib/box-outbound-tls',

  relayHost: '/etc/postfix/relay-host',
  relayPassword: '/etc/postfix/relay-password',
  relayTlsPolicy: '/etc/postfix/relay-tls-policy',

  jails: '/etc/fail2ban/jail.d',
  allowList: '/etc/fail2ban/jail.d/00-allow.conf',
  unlimited: '/etc/box/firewall/unlimited',

  dovecot: '/etc/dovecot/dovecot.conf',

  opendkim: '/etc/opendkim',
  keyTable: '/etc/opendkim/KeyTable',
  signingTable: '/etc/opendkim/SigningTable',
  trustedHosts: '/etc/opendkim/TrustedHosts',
  nsdListen: '/etc/nsd/box/listen.conf',
  nsdZones: '/etc/nsd/box/zones.conf',
  nsdKeys: '/etc/nsd/box/keys.conf',
  mtaStsPolicy: '/etc/box/mta-sts.txt',
  dnsWork: '/run/box/dns',
  dnsProblems: '/run/box/dns-problems.json',
  unbound: '/etc/unbound/unbound.conf.d',
  labResolver: '/etc/unbound/unbound.conf.d/zz-lab.conf',
} as const;

/** Where an account's mail lies. */
export const mailboxOf = (account: string): string => {
  const at = account.lastIndexOf('@');
  return `${paths.mailboxes}/${account.slice(at + 1)}/${account.slice(0, at)}`;
};
