/**
 * What a release of an operating system is to Letterbox: data, never an `if`.
 *
 * A value that differs between releases is a field here. A file that differs lies in
 * `overlays/<role>/<release>/`, or in that of its family (`overlays`). No other file in the project names a release.
 */

/** Every role there is, in the order in which their files are laid down and their services start. */
export const roleNames = [
  'system',
  'firewall',
  'resolver',
  'chrony',
  'rsyslog',
  'upgrades',
  'nsd',
  'opendkim',
  'opendmarc',
  'postgrey',
  'dovecot',
  'search',
  'spamassassin',
  'outbound-tls',
  'senders',
  'postfix',
  'panel',
  'groupware',
  'webmail',
  'contacts',
  'calendar',
  'nginx',
  'fail2ban',
  'backup',
  'box',
] as const;
/** Roles that a config may leave out: each has a key of its name there. */
export const optionalRoles = ['search', 'groupware', 'webmail'] as const satisfies readonly RoleName[];
/** Roles that lead from one role to another: in the image where both are, and nowhere else. */
export const joiningRoles = {
  contacts: ['groupware', 'webmail'],
  calendar: ['groupware', 'webmail'],
} as const satisfies Partial<Record<RoleName, readonly RoleName[]>>;
/** The programs that can be a role, where more than one can: a word of the config, and a layer of the role's overlay. */
export const groupwareNames = ['sogo', 'sabre'] as const;
export type GroupwareName = (typeof groupwareNames)[number];
export type OptionalRole = (typeof optionalRoles)[number];
export type JoiningRole = keyof typeof joiningRoles;

export type RoleName = (typeof roleNames)[number];

/** An argument vector: never a shell string. */
export type Argv = readonly [string, ...string[]];

/** An archive that a release has no package for: fetched where the image is baked, and laid into it. */
export interface Download {
  readonly name: string;
  readonly version: string;
  /** Where its makers publish it: a tar archive, whatever it is compressed with. */
  readonly url: string;
  /** Lower-case hexadecimal digest that it must have. */
  readonly sha256: string;
  /** As an SPDX expression. */
  readonly licence: string;
  /** The folder inside it that is taken. */
  readonly folder: string;
  /** The folder on the box that it becomes, with all in it root's and nobody else's to write. */
  readonly to: string;
  /** What of it doesn't come along, by its path within the folder. */
  readonly without?: readonly string[];
}

/** What one role is made of on one release. */
export interface RoleParts {
  /** Package names in the release's own archive, installed without their recommendations. */
  readonly packages: readonly string[];
  /** What the archive lacks, or has too old. */
  readonly downloads?: readonly Download[];
  /** Which program it is, where there is a choice: `overlays/<role>/<software>/` is laid between `common` and the release's own. */
  readonly software?: GroupwareName;
  /** Where its package lays what the web server gives out by itself, e.g. `/usr/share/GNUstep/SOGo/WebServerResources`. */
  readonly webFiles?: string;
  /** Services as the release's init system names them, in start order. They wait for `box init`. */
  readonly services: readonly string[];
  /** Services that run before `box init` (the fence, the log, the clock): they listen to nobody outside. */
  readonly earlyServices: readonly string[];
  /** The daemon's own check of its configuration, run in the bake; each must exit 0. */
  readonly verify: readonly Argv[];
}

/** The image's base disk is made from packages, natively and without root or a virtual machine. */
export interface BootstrapBase {
  readonly kind: 'bootstrap';
  /** Which Debian-family archive: matched against the `Origin` of the build host's own apt sources. */
  readonly origin: 'Debian' | 'Ubuntu';
  /**
   * Suites to install from, the main one first. `archive` is set where a suite lies in an archive of its own
   * beside the main one, e.g. `debian-security` in `http://mirror/debian-security` beside `http://mirror/debian`; `security` where it
   * has security upgrades alone.
   */
  readonly suites: readonly { readonly suite: string; readonly archive?: string; readonly security?: true }[];
  /** Archive components, e.g. `main`. */
  readonly components: readonly string[];
  /** Keys that sign the suites, at the same path on the build host and on the box. */
  readonly keyring: string;
}

/** Part of an archive, as a line of sources.list(5) names it. */
export interface Archive {
  readonly suites: readonly string[];
  /** E.g. `main`. */
  readonly components: readonly string[];
}

/** Security upgrades that the vendor sells when its free ones have ended. */
export interface EsmArchive extends Archive {
  /** What is installed before it can be asked: how apt speaks https, and what brings its key. */
  readonly packages: readonly string[];
  /** Where the last of them puts the key. */
  readonly keyring: string;
  /** Its list where they write one, but only where none is there yet; */
  readonly list: string;
  /** and what they write along with it, which keeps its packages away until a machine is registered with the vendor. */
  readonly pin: string;
}

/** The base disk is a vendor's cloud image; the bake installs the packages into it. */
export interface CloudImageBase {
  readonly kind: 'cloud-image';
  /** Whose archive its packages are of. */
  readonly origin: 'Debian' | 'Ubuntu';
  readonly url: string;
  /** Lower-case hexadecimal digest that the download must have. */
  readonly sha256: string;
  /** What a mirror of its archive is asked for. */
  readonly archive: Archive;
  readonly esm?: EsmArchive;
}

/** What can bake a release: the builder itself in the base tree, or Packer's QEMU builder on the base disk. */
export const builders = ['native', 'packer'] as const;
export type Builder = (typeof builders)[number];

/** How the box program speaks to this release's init system and firewall. `{}` stands for the service. */
export interface Commands {
  /** Starts one service and waits for it. */
  readonly startService: Argv;
  /** Starts those whose names follow, and exits 0 when all run; absent where no command takes more than one. */
  readonly startServices?: Argv;
  /** Asks one running service to read its configuration again. */
  readonly reloadService: Argv;
  /** Restarts one service. */
  readonly restartService: Argv;
  readonly stopService: Argv;
  /** Exits 0 when the service runs. */
  readonly serviceRuns: Argv;
  /** Lets the network reach the public ports. */
  readonly openFence: Argv;
  /** Shuts the public ports to the network; ssh stays open. */
  readonly closeFence: Argv;
  /** Exits 0 when `{file}` holds `{zone}` in a form that the name server loads. */
  readonly checkZone: Argv;
  /** Exits 0 when the clock follows a time server; asks once. */
  readonly clockIsSet: Argv;
  /** Makes the name in /etc/hostname the kernel's. */
  readonly setHostName: Argv;
  /** Begins the security upgrade that runs each day, and doesn't wait for its end. */
  readonly upgrade: Argv;
  /** Has process 1 start its own program anew, and keep its services. */
  readonly renewInit: Argv;
}

/** Node.js for the box program: the archive's package, or an npm package that carries the binary. */
export type NodeSource = { readonly from: 'archive' } | NpmNode;

export interface NpmNode {
  readonly from: 'npm';
  /** Name and exact version, as `npm pack` takes them. */
  readonly package: string;
  /** Subresource Integrity of its tarball, as `npm view PACKAGE dist.integrity` prints it. */
  readonly integrity: string;
  /** Path of the program in the tarball. */
  readonly binary: string;
  /** As an SPDX expression. */
  readonly licence: string;
}

export interface Release {
  /** The key in `box.yaml`. */
  readonly name: string;
  /** For people, e.g. `Debian 12 (bookworm)`. */
  readonly title: string;
  /**
   * Its folders under `overlays/<role>/`, laid one over the other after `common`: first what it shares with its family, last its own.
   */
  readonly overlays: readonly [string, ...string[]];
  /** Since when its public archive has no security upgrades any more, e.g. `April 2019`; absent where it has. */
  readonly supportEnded?: string;
  /** Which init system starts the box; only overlays and `commands` differ by it. */
  readonly init: 'systemd' | 'upstart';
  /** What the fence is made of. A role's overlay brings tables of nftables' for its own ports; iptables has one list, the firewall's. */
  readonly packetFilter: 'nftables' | 'iptables';
  readonly base: BootstrapBase | CloudImageBase;
  /** What can bake it; the first does where nothing else is asked for. */
  readonly builders: readonly [Builder, ...Builder[]];
  /** What its base disk starts on. */
  readonly firmware: readonly ('bios' | 'uefi')[];
  /** Packages no role owns: kernel, boot loader, cloud-init, sshd. */
  readonly packages: readonly string[];
  readonly roles: Readonly<Record<RoleName, RoleParts>>;
  /** Roles that it does not have: there is no program for them that fits. A config that asks for one is refused. */
  readonly lacksRoles: readonly (OptionalRole | JoiningRole)[];
  readonly commands: Commands;
  /** Ends the bake: file systems are unmounted, but no unit is stopped, since each would write its last words. */
  readonly powerOff: Argv;
  /** Whether a service waits for `box init` by itself (unit dependency), or `box ready` must start it. */
  readonly servicesWaitForInit: boolean;
  readonly node: NodeSource;
  /** Upstream versions that decide which dialect a configuration is written in. */
  readonly versions: Readonly<
    Record<
      | 'postfix'
      | 'dovecot'
      | 'opendmarc'
      | 'openssl'
      | 'nginx'
      | 'nsd'
      | 'fail2ban'
      | 'cloudInit'
      | 'php'
      | 'roundcube',
      string
    >
  > & {
    /** Where the groupware keeps what it has in this database; the archive names paths after it, e.g. `15`. */
    readonly postgresql?: string;
  };
  /** TLS as this release's OpenSSL can speak it; newest last. */
  readonly tlsVersions: readonly ('TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3')[];
  /** Ciphers that this release's OpenSSL can't speak, as they occur in the names of suites. */
  readonly lacksCiphers: readonly ('DES-CBC3' | 'SEED' | 'CHACHA20')[];
}
