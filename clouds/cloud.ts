/**
 * What Letterbox knows of a place where an image is launched, and baked if Packer has a builder for it: data, never an `if`.
 * One more is one more file beside this one, and its line in `index.ts`.
 */
import type { ImportCommands } from './import-command.ts';
import type { Launch, Manifests } from './launch-plan.ts';
import type { PackerBuilder } from './packer-builder.ts';

/** Where a fact is from, and when somebody looked. */
export interface Source {
  readonly from: string;
  /** The day it was read, e.g. `2026-11-28`. */
  readonly read: string;
  /** False: common knowledge that was looked up nowhere. Look before you count on it. */
  readonly checked: boolean;
}

/** What is said of each cloud, and must be said with its source. */
export const factNames = [
  'builders',
  'bases',
  'userData',
  'import',
  'commands',
  'datasource',
  'port25',
  'port53',
  'reverseName',
  'ipv6',
  'devices',
] as const;
export type FactName = (typeof factNames)[number];

export interface UserData {
  /** Most bytes of it, as they count there. */
  readonly limit: number;
  /** What counts: the text itself, or what base64 makes of it. */
  readonly counts: 'raw' | 'base64';
}

/** How the disk that was baked here becomes an image there. */
export interface Import {
  /** A word of `image.formats`, or an appliance that has the disk within it. */
  readonly format: 'qcow2' | 'raw' | 'vmdk' | 'vhd' | 'gce' | 'ova';
  /** What that file is packed with; of `raw` only. */
  readonly packed?: 'gz' | 'zst';
  /** Where the file's name must end otherwise than its kind does. */
  readonly ending?: string;
  /** The disk, unpacked, must be a multiple of so many bytes. */
  readonly multipleOf?: number;
  /** Most bytes of the disk, unpacked. */
  readonly atMost?: number;
  /** The way, in one sentence. */
  readonly way: string;
  readonly commands: ImportCommands;
}

/** How the names of such files end. */
export const endings: Readonly<Record<Import['format'], string>> = {
  qcow2: '.qcow2',
  raw: '.raw',
  vmdk: '.vmdk',
  vhd: '.vhd',
  gce: '.tar.gz',
  ova: '.ova',
};

export function endingOf({ format, packed, ending }: Pick<Import, 'format' | 'packed' | 'ending'>): string {
  return ending ?? `${endings[format]}${packed === undefined ? '' : `.${packed}`}`;
}

/** Whether a server of a new account can reach others' port 25. */
export interface Port25 {
  readonly out: 'open' | 'closed until asked for' | 'closed for good' | 'as the operator says';
  /** How one has it opened, or why one can't: a clause, e.g. `ask its support`. */
  readonly opening: string;
}

/** Words of the firmware (SMBIOS), by the names of Linux's files in /sys/class/dmi/id: one of them is enough. */
export type Firmware = Readonly<
  Partial<Record<'sys_vendor' | 'product_name' | 'chassis_asset_tag', readonly string[]>>
>;

/** The vendor's image of a release, onto which the plan's packages are installed there. */
export type Base =
  | {
      /** Who may log in to it by ssh. */
      readonly user: string;
      /** The builder's options that find it. */
      readonly options: Readonly<Record<string, unknown>>;
    }
  /** Why there is none. */
  | { readonly none: string };

export interface Devices {
  /** The disk that the box starts from, as its own kernel calls it. */
  readonly boot: string;
  /** The first network card. */
  readonly network: string;
}

export interface Cloud {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Others that are this one by another name. */
  readonly also?: readonly string[];
  /** Packer's, the one first that is meant where a config names none. */
  readonly builders: readonly PackerBuilder[];
  /** By the release's name. */
  readonly bases: Readonly<Record<string, Base>>;
  readonly userData: UserData;
  /** What launches a box there; none: nobody wrote it yet. */
  readonly launch?: Launch & { readonly source: Source };
  /** The same where an engine takes manifests. */
  readonly manifests?: Manifests & { readonly source: Source };
  /** None: it takes no disks, or the disk is the image. */
  readonly import?: Import;
  /** Of cloud-init, by the name in its `datasource_list`. */
  readonly datasource: string;
  /** Releases whose cloud-init does not have it, nor anything else that reads what this cloud tells a machine. */
  readonly datasourceUnknownTo?: readonly string[];
  /** What that needs beyond the packages of a release, by the release's name: in images whose config names this cloud. */
  readonly packages?: Readonly<Record<string, readonly string[]>>;
  /** By which a box finds out that it is there; from where `datasource` is. Absent: a machine there says what many others say. */
  readonly firmware?: Firmware;
  /**
   * Where the tests have a box become ready by this datasource, with a stand-in for the cloud's service or its disk: in an emulated
   * machine, or in a container of the lab.
   */
  readonly met: 'machine' | 'lab' | 'nowhere';
  readonly port25: Port25;
  /** Whether others reach a server's port 53, once its firewall lets them. */
  readonly port53: 'only its firewall' | 'as the operator says';
  /** How an address gets its name: a clause. */
  readonly reverseName: string;
  /** Whether a box gets an IPv6 address: a clause. */
  readonly ipv6: string;
  readonly devices: Devices;
  /** What it calls the disk that holds the root file system, by the drivers that it may show it with. */
  readonly rootDisks: readonly string[];
  /** A disk of the machine that it erases at times. */
  readonly temporaryDisk?: {
    /** The cloud's name in a sentence. */
    readonly whose: string;
    readonly device: string;
    /** Where the disks are named that it keeps. */
    readonly dataDisks: string;
  };
  readonly sources: Readonly<Record<FactName, Source>>;
}

/** Most bytes of user-data, as they are written here. */
export function userDataLimit({ userData: { limit, counts } }: Pick<Cloud, 'userData'>): number {
  return counts === 'raw' ? limit : Math.floor(limit / 4) * 3;
}

const factsRead = '2026-11-28';

/** A fact that was read there or tried. */
export function readIn(from: string, read = factsRead): Source {
  return { from, read, checked: true };
}

/** A fact that nobody looked up. */
export function unchecked(read = factsRead): Source {
  return { from: 'common knowledge, looked up nowhere', read, checked: false };
}
