/** What Debian's releases have in common: all but the versions, and what is named after them. */
import { parses, parsesPlugIn } from './php.ts';
import type { Argv, Release } from './release.ts';

/** What one of them says of itself. */
interface Debian extends Pick<Release, 'name' | 'title'> {
  /** The archive's word for it, e.g. `bookworm`. */
  readonly suite: string;
  readonly versions: Release['versions'] & { readonly postgresql: string };
  /** Of SOGo: the packages have moved them. */
  readonly groupwareFiles: string;
}

export const debian = ({ name, title, suite, versions, groupwareFiles }: Debian): Release => ({
  name,
  title,
  overlays: ['debian', name],
  init: 'systemd',
  packetFilter: 'nftables',
  base: {
    kind: 'bootstrap',
    origin: 'Debian',
    suites: [
      { suite },
      { suite: `${suite}-updates` },
      { suite: `${suite}-security`, archive: 'debian-security', security: true },
    ],
    components: ['main'],
    keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  },
  builders: ['native', 'packer'],
  firmware: ['bios', 'uefi'],
  // The kernel for every machine: that for clouds has no SATA, and so doesn't see the CD with the user-data that most hypervisors show.
  packages: [
    'linux-image-amd64',
    'initramfs-tools',
    'grub2-common',
    'grub-pc-bin',
    'grub-efi-amd64-bin',
    'systemd-sysv',
    'dbus',
    'udev',
    'cloud-init',
    'cloud-guest-utils',
    'e2fsprogs',
    'fdisk',
    'iproute2',
    'iputils-ping',
    'isc-dhcp-client',
    'openssh-server',
    'sudo',
    'ca-certificates',
    'curl',
    'less',
    'nano',
    'tzdata',
    'cron',
    'logrotate',
    'xz-utils',
    'zstd',
  ],
  roles: {
    // smartmontools: what a disk says of its own health, where it is no virtual one.
    system: {
      packages: ['smartmontools'],
      services: [],
      earlyServices: ['systemd-networkd', 'ssh'],
      verify: [['sshd', '-t'], ['/usr/lib/box/verify-sysctl'], ['/usr/lib/box/verify-cloud-init']],
    },
    firewall: {
      packages: ['nftables'],
      services: [],
      earlyServices: ['nftables'],
      verify: [['/usr/lib/box/verify-fence']],
    },
    resolver: {
      packages: ['unbound', 'dns-root-data', 'bind9-dnsutils'],
      services: [],
      earlyServices: ['unbound', 'box-resolver-clock.timer'],
      verify: [['unbound-checkconf']],
    },
    chrony: { packages: ['chrony'], services: [], earlyServices: ['chrony'], verify: [['chronyd', '-p']] },
    rsyslog: {
      packages: ['rsyslog'],
      services: [],
      earlyServices: ['rsyslog'],
      verify: [['rsyslogd', '-N1']],
    },
    upgrades: {
      packages: ['unattended-upgrades'],
      services: [],
      earlyServices: ['box-outdated.path'],
      verify: [['apt-config', 'dump'], analysed('box-outdated.path', 'box-outdated.service')],
    },
    // openssl verifies who issued the certificate that MTA-STS relies on.
    nsd: {
      packages: ['nsd', 'ldnsutils', 'openssl'],
      services: ['nsd'],
      earlyServices: ['box-dns.timer', 'box-addresses.service'],
      verify: [['nsd-checkconf', '/etc/nsd/nsd.conf']],
    },
    opendkim: {
      packages: ['opendkim', 'opendkim-tools'],
      services: ['opendkim'],
      earlyServices: [],
      verify: [['opendkim', '-n', '-x', '/etc/opendkim.conf']],
    },
    // dbconfig-no-thanks: without it the package brings a whole database client for reports that nobody asks for.
    opendmarc: {
      packages: ['opendmarc', 'dbconfig-no-thanks', 'publicsuffix'],
      services: ['opendmarc'],
      earlyServices: [],
      verify: [['opendmarc', '-n', '-c', '/etc/opendmarc.conf']],
    },
    postgrey: { packages: ['postgrey'], services: ['postgrey'], earlyServices: [], verify: [] },
    dovecot: {
      packages: [
        'dovecot-core',
        'dovecot-imapd',
        'dovecot-pop3d',
        'dovecot-lmtpd',
        'dovecot-sieve',
        'dovecot-managesieved',
        'dovecot-sqlite',
        'sqlite3',
      ],
      services: ['dovecot'],
      earlyServices: [],
      verify: [['doveconf', '-n'], ['/usr/lib/box/verify-sieve']],
    },
    // gpg and its agent: the rules' daily update checks a signature.
    spamassassin: {
      packages: ['spampd', 'spamassassin', 'libmail-dkim-perl', 'gpg', 'gpg-agent'],
      services: ['spampd'],
      earlyServices: ['box-train.path', 'spamassassin-maintenance.timer'],
      verify: [
        ['spamassassin', '--lint'],
        ['systemd-analyze', '--man=no', 'verify', '/etc/systemd/system/box-train.service'],
      ],
    },
    'outbound-tls': {
      packages: [],
      services: ['box-outbound-tls'],
      earlyServices: [],
      verify: [
        ['systemd-analyze', '--man=no', 'verify', '/etc/systemd/system/box-outbound-tls.service'],
        ['box', 'outbound-tls', '--help'],
      ],
    },
    senders: {
      packages: ['python3'],
      services: ['box-senders'],
      earlyServices: [],
      verify: [['/usr/lib/box/verify-senders']],
    },
    postfix: {
      packages: ['postfix', 'postfix-pcre', 'postfix-sqlite', 'libsasl2-modules'],
      services: ['postfix'],
      earlyServices: ['box-reports.path', 'box-count-reports.timer', 'box-send-reports.timer'],
      verify: [['/usr/lib/box/verify-postfix'], reportCages],
    },
    panel: {
      packages: [],
      services: ['box-keeper', 'box-panel'],
      earlyServices: [],
      verify: [analysed('box-keeper.service', 'box-panel.service'), ['box', 'serve', '--help']],
    },
    // Python's own SQLite keeps the index; Dovecot's client of Solr asks it.
    search: {
      packages: ['dovecot-solr', 'python3'],
      services: [],
      earlyServices: ['box-search.socket', 'box-fill-search.path', 'box-fill-search.timer'],
      verify: [['/usr/lib/box/verify-search']],
    },
    // PostgreSQL: the archive's SOGo speaks to no other database that is as small. sqlite3 reads the accounts for it.
    groupware: {
      software: 'sogo',
      webFiles: groupwareFiles,
      packages: ['sogo', 'sogo-activesync', `postgresql-${versions.postgresql}`, 'memcached', 'sqlite3'],
      services: [`postgresql@${versions.postgresql}-main`, 'memcached', 'sogo'],
      earlyServices: [
        'box-track-changes.service',
        'box-track-changes.path',
        'box-track-changes.timer',
        'box-dump-groupware.timer',
      ],
      verify: [
        ['/usr/lib/box/verify-groupware'],
        analysed(
          'box-track-changes.service',
          'box-track-changes.path',
          'box-track-changes.timer',
          'box-dump-groupware.service',
          'box-dump-groupware.timer',
          'box-dump-at-rest.service',
        ),
      ],
    },
    // roundcube-core wants some PHP that a web server can speak to; naming its FPM keeps it from choosing Apache's.
    webmail: {
      packages: ['roundcube-core', 'roundcube-sqlite3', 'roundcube-plugins', `php${versions.php}-fpm`],
      services: ['box-webmail'],
      earlyServices: [],
      verify: [
        ['systemd-analyze', '--man=no', 'verify', '/etc/systemd/system/box-webmail.service'],
        [`php-fpm${versions.php}`, '--test', '--fpm-config', '/etc/box/webmail-fpm.conf'],
        parses(`php${versions.php}`, '/etc/roundcube/config.inc.php'),
      ],
    },
    contacts: {
      packages: [],
      services: [],
      earlyServices: [],
      verify: parsesPlugIn(`php${versions.php}`, 'box_contacts'),
    },
    calendar: {
      packages: [],
      services: [],
      earlyServices: [],
      verify: parsesPlugIn(`php${versions.php}`, 'box_calendar'),
    },
    nginx: { packages: ['nginx-light'], services: ['nginx'], earlyServices: [], verify: [['nginx', '-t']] },
    // `box ready` does not wait for it. python3-pyinotify: a log is read when it grows, and not each second by each jail.
    fail2ban: {
      packages: ['fail2ban', 'python3-pyinotify'],
      services: [],
      earlyServices: ['fail2ban'],
      verify: [['/usr/lib/box/verify-fail2ban'], ['nft', '--check', '--file', '/etc/box/firewall/bans.nft']],
    },
    // rsync: to another host. gpg and its agent encrypt.
    backup: {
      packages: ['duplicity', 'gpg', 'gpg-agent', 'rsync'],
      services: [],
      earlyServices: ['box-backup.timer'],
      verify: [
        [
          'systemd-analyze',
          '--man=no',
          'verify',
          '/etc/systemd/system/box-backup.service',
          '/etc/systemd/system/box-backup.timer',
          '/etc/systemd/system/box-mail-restore.service',
        ],
        ['duplicity', '--version'],
      ],
    },
    box: {
      packages: ['nodejs', 'python3'],
      services: [],
      earlyServices: ['box-tls.timer', 'box-nightly.timer', 'box-watch.timer'],
      verify: [
        ['box', '--version'],
        [
          'systemd-analyze',
          '--man=no',
          'verify',
          '/etc/systemd/system/box-init.service',
          '/etc/systemd/system/box-ready.service',
          '/etc/systemd/system/box-tls.service',
          '/etc/systemd/system/box-tls.timer',
          '/etc/systemd/system/box-status.service',
          '/etc/systemd/system/box-nightly.service',
          '/etc/systemd/system/box-watch.service',
          '/etc/systemd/system/box-watch.timer',
          '/etc/systemd/system/box-disk-health.service',
        ],
      ],
    },
  },
  lacksRoles: [],
  commands: {
    startService: ['systemctl', 'start', '{}'],
    startServices: ['systemctl', 'start'],
    reloadService: ['systemctl', 'reload', '{}'],
    restartService: ['systemctl', 'restart', '{}'],
    stopService: ['systemctl', 'stop', '{}'],
    serviceRuns: ['systemctl', 'is-active', '--quiet', '{}'],
    openFence: ['/usr/lib/box/fence', 'open'],
    closeFence: ['/usr/lib/box/fence', 'close'],
    checkZone: ['nsd-checkzone', '{zone}', '{file}'],
    clockIsSet: ['chronyc', 'waitsync', '1'],
    setHostName: ['systemctl', 'start', 'box-host-name.service'],
    renewInit: ['systemctl', 'daemon-reexec'],
    upgrade: ['systemctl', 'start', '--no-block', 'apt-daily.service', 'apt-daily-upgrade.service'],
  },
  powerOff: ['poweroff', '--force', '--no-wtmp'],
  servicesWaitForInit: true,
  node: { from: 'archive' },
  versions,
  tlsVersions: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  // 3DES is left out when it is built; SEED lies in the legacy provider, which no daemon loads.
  lacksCiphers: ['DES-CBC3', 'SEED'],
});

/** systemd's own check of units of ours. */
function analysed(...units: string[]): Argv {
  return ['systemd-analyze', '--man=no', 'verify', ...units.map((name) => `/etc/systemd/system/${name}`)];
}
const reportCages = analysed('box-reports.service', 'box-count-reports.service', 'box-send-reports.service');
