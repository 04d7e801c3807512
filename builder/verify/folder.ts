/** What lies in the folder of an image besides the image: what each is, and what claims to be part of it. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { endingOf, endings } from '../../clouds/cloud.ts';
import { clouds } from '../../clouds/index.ts';
import { madeOf } from '../bake/certify.ts';

/** Nothing of the image: by its name, and why it is not looked at. */
const besides: readonly (readonly [names: RegExp, why: string])[] = [
  [
    /^(user-data|meta-data|seed\.iso|settings\.json)$/,
    'of one box, and of its config: `letterbox build` writes anew what differs',
  ],
  [/^(vm|demo|demo-key)$/, 'a machine’s own disks and keys, which change as it runs'],
  [/^rebuild$/, 'another bake of the same, kept by `verify --rebuild` since it differs'],
  [/^(launch|fleet)$/, 'what launches boxes: `letterbox launch` writes anew what differs'],
  [/^(bake-work|bake-on-.*|export-work)$/, 'work that was cut short'],
];

/** Ends of the names of disks, as bakes and exports write them. */
const diskEnds = [
  ...new Set([
    ...Object.values(endings),
    ...clouds.flatMap(({ import: way }) => (way === undefined ? [] : [endingOf(way)])),
  ]),
];

export interface Folder {
  /** Of what the image was made, by its path. */
  readonly made: readonly string[];
  /** Disks of the image's name. */
  readonly disks: readonly string[];
  /** What is left, by why it is. */
  readonly besides: readonly { readonly names: readonly string[]; readonly why: string }[];
}

/** `known`: what the sums name, and what is looked at for itself. */
export function readFolder(dir: string, image: string, known: ReadonlySet<string>): Folder {
  const top = namesIn(dir).filter((name) => name !== 'bake' && name !== 'packer');
  const isDisk = (name: string) => diskEnds.some((end) => name === `${image}${end}`);
  const reasons = new Map<string, string[]>();
  const add = (name: string, why: string) => reasons.set(why, [...(reasons.get(why) ?? []), name]);
  for (const name of top.filter((each) => !known.has(each) && !isDisk(each))) add(name, whyNot(name));
  const packer = `${dir}/packer`;
  for (const name of existsSync(packer) ? namesIn(packer) : [])
    if (statSync(`${packer}/${name}`, { throwIfNoEntry: false })?.isDirectory())
      add(`packer/${name}`, 'bakes elsewhere: `letterbox build` writes anew what differs');
  return {
    made: madeOf(dir),
    disks: top.filter(isDisk),
    besides: [...reasons].map(([why, names]) => ({ names, why })),
  };
}

const namesIn = (folder: string) => readdirSync(folder).sort();

function whyNot(name: string): string {
  return besides.find(([names]) => names.test(name))?.[1] ?? 'nothing that Letterbox writes';
}
