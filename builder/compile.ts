/** From a config to every file of `out/<name>/` that needs no virtual machine. */
import type { Cloud } from '../clouds/cloud.ts';
import { clouds } from '../clouds/index.ts';
import { releases } from '../releases/index.ts';
import type { Release } from '../releases/release.ts';
import { chosenBuilder, sectionOf } from './config/cloud-choice.ts';
import type { Loaded } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { GiB } from './config/values.ts';
import { seedIso } from './host/seed.ts';
import type { OutputFile } from './host/write.ts';
import { type ReadLock, readLock } from './lock/read.ts';
import { archivesList, downloadsList, packagesList, servicesList, verifyList } from './outputs/bake-lists.ts';
import { metaData } from './outputs/meta-data.ts';
import { overlayTarball } from './outputs/overlay-tarball.ts';
import { cloudTemplate } from './outputs/packer/cloud.ts';
import { qemuPlugin, qemuTemplate } from './outputs/packer/qemu.ts';
import { packerPlugins } from './outputs/packer/template.ts';
import { settingsJson } from './outputs/settings.ts';
import { userData } from './outputs/user-data.ts';
import { bundles } from './plan/bundles.ts';
import { makePlan, type Plan } from './plan/plan.ts';

export interface Planned {
  readonly config: Config;
  readonly release: Release;
  readonly plan: Plan;
}

export interface Compiled extends Planned {
  /** What its packages are held to, where there is such a file beside the config. */
  readonly lock?: ReadLock;
  /** Go into the image: equal files give an equal image. */
  readonly imageFiles: readonly OutputFile[];
  /** Have Packer bake it at a cloud, one folder for each that the config has: no part of the image that is baked here. */
  readonly cloudFiles: readonly OutputFile[];
  /** Make one box of it. They hold the administrator's password hash. */
  readonly bootFiles: readonly OutputFile[];
}

/** What the image and the box will be, without a file of it. @throws TemplateError */
export function planned(config: Config): Planned {
  const release = releaseOf(config);
  return { config, release, plan: makePlan(config, release) };
}

function releaseOf(config: Config): Release {
  const release = releases.get(config.release);
  if (release === undefined) throw new Error(`unknown release ${config.release}`);
  return release;
}

/** The lock that lies beside a config. @throws ConfigError */
export function lockOf({ config, source }: Loaded): ReadLock | undefined {
  const release = releaseOf(config);
  return readLock(source.file, { release, packages: () => makePlan(config, release).packages });
}

/** All that is text. @throws UserDataTooLarge, TemplateError */
export function rendered(config: Config): Compiled {
  return textsOf(config).compiled;
}

function textsOf(config: Config): { compiled: Compiled; documents: ReturnType<typeof documentsOf> } {
  const { release, plan } = planned(config);
  const documents = documentsOf(config, plan);
  const compiled = {
    config,
    release,
    plan,
    imageFiles: [
      { path: 'bake/archives.txt', content: archivesList(plan) },
      { path: 'bake/packages.txt', content: packagesList(plan) },
      { path: 'bake/downloads.txt', content: downloadsList(plan) },
      { path: 'bake/services.txt', content: servicesList(plan) },
      { path: 'bake/verify.txt', content: verifyList(plan) },
      { path: 'packer/box.pkr.json', content: json(qemuTemplate(plan, release)) },
      { path: 'packer/plugins.json', content: json(packerPlugins(qemuPlugin)) },
    ],
    cloudFiles: clouds.flatMap((cloud) => cloudFilesOf(config, release, cloud)),
    bootFiles: [
      { path: 'settings.json', content: settingsJson(plan.settings), secret: true },
      { path: 'user-data', content: documents['user-data'], secret: true },
      { path: 'meta-data', content: documents['meta-data'] },
    ],
  };
  return { compiled, documents };
}

/** @throws UserDataTooLarge, TemplateError */
export async function compile(config: Config, lock?: ReadLock): Promise<Compiled> {
  const { compiled: texts, documents } = textsOf(config);
  const { plan, imageFiles, bootFiles } = texts;
  const overlay = await overlayTarball([...plan.files, ...bundles()]);
  const seed = await seedIso(documents);
  return {
    ...texts,
    ...(lock === undefined ? {} : { lock }),
    imageFiles: [{ path: 'bake/overlay.tar', content: overlay }, ...imageFiles],
    bootFiles: [...bootFiles, { path: 'seed.iso', content: seed, secret: true }],
  };
}

function documentsOf(config: Config, plan: Plan) {
  const user = userData(plan, config.cloud);
  return { 'user-data': user, 'meta-data': metaData(config.box.hostname, user) };
}

function cloudFilesOf(config: Config, release: Release, cloud: Cloud): OutputFile[] {
  const section = sectionOf(config, cloud);
  if (section === undefined) return [];
  const { plugin } = chosenBuilder(cloud, section);
  const made = { image: config.name, diskGiB: Math.ceil(config.image.diskSize / GiB) };
  return [
    {
      path: `packer/${cloud.name}/box.pkr.json`,
      content: json(cloudTemplate(made, release, cloud, section)),
    },
    { path: `packer/${cloud.name}/plugins.json`, content: json(packerPlugins(plugin)) },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
