/** Files that belong to no package, no download and not to the overlay, and why there are any: a file that nothing here explains is none of ours. */
import type { TreeFile } from './tree.ts';

interface Reason {
  readonly why: string;
  readonly paths: RegExp;
  /** Symbolic links alone: they bring nothing of their own. */
  readonly links?: true;
  /** From which file it was made: the reason is none where that is missing. */
  readonly madeOf?: (path: string) => string;
}

export const reasons: readonly Reason[] = [
  { why: 'dpkg’s, debconf’s and ucf’s own records', paths: /^\/var\/(lib\/(dpkg|ucf)|cache\/debconf)\// },
  {
    why: 'what packages noted as they were installed',
    paths:
      /^\/var\/lib\/(pam\/[\w-]+|python\/python[\d.]+_installed|shells\.state|apt\/extended_states|php\/modules\/.+|systemd\/deb-systemd-(user-)?helper-(enabled|masked)\/.+)$/,
  },
  {
    why: 'compiled from the Python beside it',
    paths: /^\/usr\/(lib|share)\/.+\/__pycache__\/[^/]+\.pyc$/,
    madeOf: (path) => path.replace(/\/__pycache__\/([^/]+?)\.cpython-\d+(\.opt-\d)?\.pyc$/, '/$1.py'),
  },
  {
    why: 'compiled from the Sieve beside it',
    paths: /^\/etc\/dovecot\/sieve\/[\w-]+\.svbin$/,
    madeOf: (path) => path.replace(/svbin$/, 'sieve'),
  },
  {
    why: 'of GRUB’s packages, copied to where it reads',
    paths: /^\/boot\/grub\/(i386-pc|x86_64-efi)\/[\w-]+\.(mod|lst)$/,
    madeOf: (path) => path.replace('/boot/grub/', '/usr/lib/grub/'),
  },
  {
    why: 'the kernel’s first file system, put together of packages’ files and the overlay’s',
    paths: /^\/boot\/initrd\.img-[\w.+-]+$/,
  },
  { why: 'leads to the newest kernel', paths: /^\/(initrd\.img|vmlinuz)(\.old)?$/, links: true },
  {
    why: 'leads to a certificate of ca-certificates, by its name or its digest',
    paths: /^\/etc\/ssl\/certs\/([^/]+\.pem|[0-9a-f]{8}\.\d)$/,
    links: true,
  },
  {
    why: 'all certificates of ca-certificates in one file, and the list of them',
    paths: /^\/etc\/(ssl\/certs\/ca-certificates\.crt|ca-certificates\.conf)$/,
  },
  {
    why: 'says which services start, and when',
    paths: /^\/etc\/(systemd\/(system|user|system-generators)\/.+|rc[0-6S]\.d\/[SK]\d\d[\w.-]+)$/,
    links: true,
  },
  {
    why: 'switches on what a package brings',
    paths:
      /^\/etc\/(php\/[\d.]+\/(cli|fpm)\/conf\.d|nginx\/modules-enabled|nginx\/sites-enabled|fonts\/conf\.d|lighttpd\/conf-enabled|apache2\/conf-enabled)\/[\w.-]+$/,
    links: true,
  },
  {
    why: 'accounts and groups: base-passwd, and whoever needs one',
    paths: /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock|security\/opasswd)$/,
  },
  {
    why: 'begun by a package’s script, of its own example or of what other packages bring',
    paths:
      /^\/etc\/(apparmor\.d\/local\/[\w.]+|apt\/apt\.conf\.d\/(02autoremove-postgresql|20auto-upgrades)|dbconfig-common\/config|default\/(locale|postgrey|unbound)|dpkg\/origins\/default|environment|hosts\.(allow|deny)|inputrc|locale\.(conf|gen)|localtime|modules|mtab|mysql\/my\.cnf|networks|nsswitch\.conf|pam\.d\/common-[\w-]+|postfix\/dynamicmaps\.cf|postgresql-common\/root\.crt|profile|python3\/debian_config|shells|vconsole\.conf|initramfs-tools\/modules|postgrey\/whitelist_\w+|timezone|memcached\.conf|GNUstep\/gdomap_probes|postfix\/(main\.cf\.proto|master\.cf\.proto|makedefs\.out)|runit\/runsvdir\/default\/ssh)$/,
  },
  {
    why: 'copied by a package’s script out of the package to where a program looks',
    paths:
      /^\/(root\/\.(bashrc|profile)|usr\/share\/(info\/dir|dovecot\/protocols\.d\/\w+\.protocol)|var\/www\/html\/index\.nginx-debian\.html|var\/lib\/(smartmontools\/drivedb\/drivedb\.h(\.raw)?|spamassassin\/([\d.]+|sa-update-keys)\/.+))$/,
  },
  {
    why: 'an index made of packages’ files, each of which is a component’s',
    paths:
      /^\/(etc\/ld\.so\.cache|usr\/lib\/modules\/[\w.+-]+\/modules\.[\w.]+|usr\/lib\/udev\/hwdb\.bin|usr\/lib\/[\w-]+\/graphviz\/config\w+|var\/lib\/systemd\/catalog\/database)$/,
  },
  {
    why: 'of the machine, not of a package: names, disks, boot loader, where packages come from',
    paths:
      /^\/(etc\/(fstab|hostname|hosts|mailname|machine-id|default\/grub|apt\/sources\.list|dpkg\/dpkg\.cfg\.d\/20-left-out|motd|\.updated)|boot\/grub\/grub\.cfg|var\/\.updated)$/,
  },
  {
    why: 'made in the bake of what the overlay and the packages bring',
    paths:
      /^\/usr\/(lib\/box\/(box\.compiled|image-id|packages-date|node)|share\/box\/groupware-cluster\.tar\.zst)$/,
  },
  {
    why: 'kept from the package’s example, which no daemon of a box reads',
    paths: /^\/etc\/(dovecot\/conf\.d\/[\w.-]+|lighttpd\/conf-available\/[\w.-]+|opendkim\/\w+)$/,
  },
  {
    why: 'empty: a log, a mark, or a journal of log-ins',
    paths: /^\/var\/(log\/.+|lib\/wtmpdb\/wtmp\.db|spool\/postfix\/restart)$/,
  },
  {
    why: 'another name of a folder or of a program',
    paths: /^\/(usr\/local\/man|var\/spool\/mail|bin|sbin|lib\w*)$/,
    links: true,
  },
];

export interface Unowned {
  readonly why: string;
  readonly files: readonly string[];
}

/** Files by their reason, in the table's order, and those that have none. */
export function explained(
  files: readonly TreeFile[],
  isThere: (path: string) => boolean,
): {
  readonly known: readonly Unowned[];
  readonly unknown: readonly string[];
} {
  const found = new Map<string, string[]>(reasons.map(({ why }) => [why, []]));
  const unknown: string[] = [];
  for (const { path, target } of files) {
    const reason = reasons.find(
      ({ paths, links, madeOf }) =>
        paths.test(path) &&
        (links === undefined || target !== undefined) &&
        (madeOf === undefined || isThere(madeOf(path))),
    );
    if (reason === undefined) unknown.push(path);
    else found.get(reason.why)?.push(path);
  }
  const known = [...found].filter(([, names]) => names.length > 0);
  return { known: known.map(([why, names]) => ({ why, files: names.sort() })), unknown: unknown.sort() };
}
