/** `letterbox launch`: a folder that launches the box at a cloud. It starts nothing there itself. */
import type { Cloud } from '../../clouds/cloud.ts';
import type { CloudName } from '../../clouds/index.ts';
import { type LaunchPlan, type Manifests, type Size, usualSize } from '../../clouds/launch-plan.ts';
import { publicPorts } from '../../contract/settings.ts';
import type { Compiled } from '../compile.ts';
import { sectionNeeded, sectionOf } from '../config/cloud-choice.ts';
import { GiB } from '../config/values.ts';
import type { OutputFile } from '../host/write.ts';
import { manifestsReadme, manifestsText } from '../outputs/launch/manifests.ts';
import { tofuModule, unknownDevice, unknownIpv4 } from '../outputs/launch/opentofu.ts';
import { tofuReadme } from '../outputs/launch/readme.ts';
import { userData } from '../outputs/user-data.ts';

/** No kit can be made: one thing to mend first. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** What is launched: a config and its plan, under a name and in a size that a fleet may say for each box. */
export interface Launched extends Pick<Compiled, 'config' | 'plan'> {
  readonly name?: string;
  readonly size?: Size;
}

/** @throws LaunchError, UserDataTooLarge */
export function launchKit(launched: Launched, cloud: Cloud): OutputFile[] {
  return kitFiles(launched, cloud).map((file) => ({ ...file, path: `launch/${cloud.name}/${file.path}` }));
}

/** The files of one box's folder. @throws LaunchError, UserDataTooLarge */
export function kitFiles(launched: Launched, cloud: Cloud): OutputFile[] {
  return cloud.manifests === undefined
    ? moduleKit(launched, cloud)
    : manifestKit(launched, cloud, cloud.manifests);
}

function moduleKit(launched: Launched, cloud: Cloud): OutputFile[] {
  const { config, plan } = launched;
  const { launch } = cloud;
  if (launch === undefined) throw new LaunchError(`nobody wrote yet how a box is launched at ${cloud.title}`);
  const section = sectionOf(config, cloud);
  if (section === undefined && cloud.builders.length > 0)
    throw new LaunchError(`the config has no clouds.${cloud.name}: ${sectionNeeded(cloud)}`);
  const box = told(launched, section ?? {});
  const made = launch.module(box);
  const { storage, publicIpv4, dns, hostname } = plan.settings;
  // What the config says counts.
  const fills = {
    device: storage.device === undefined,
    ipv4: made.translated === true && publicIpv4 === undefined,
  };
  const settings = {
    ...plan.settings,
    storage: { device: storage.device ?? unknownDevice },
    ...(fills.ipv4 ? { publicIpv4: unknownIpv4 } : {}),
  };
  const filling = { ...fills, hostname, external: dns?.mode === 'external', volume: box.size.volume };
  const files = tofuModule(launch, made, filling);
  const user = userData({ settings, sshKeys: plan.sshKeys }, cloud.name as CloudName);
  return [
    ...Object.entries(files).map(([name, content]) => ({ path: name, content: json(content) })),
    { path: 'user-data', content: user, secret: true },
    { path: 'README.md', content: tofuReadme(launch, cloud, hostname) },
  ];
}

function manifestKit(
  launched: Launched,
  { name, title }: Cloud,
  { manifests, secret, device, notes }: Manifests,
): OutputFile[] {
  const { settings, sshKeys } = launched.plan;
  const { storage, dns, hostname } = settings;
  const box = told(launched, {});
  const own = { ...settings, storage: { device: storage.device ?? device } };
  const user = userData({ settings: own, sshKeys }, name as CloudName);
  return [
    { path: 'box.yaml', content: manifestsText(manifests(box)) },
    { path: 'user-data.yaml', content: manifestsText([secret(box, user)]), secret: true },
    { path: 'README.md', content: manifestsReadme(title, hostname, dns?.mode === 'external', notes) },
  ];
}

function told(
  { config, plan, name = plan.name, size = usualSize }: Launched,
  section: LaunchPlan['section'],
): LaunchPlan {
  return {
    name,
    image: plan.name,
    size,
    hostname: plan.settings.hostname,
    // ssh is no role's: the fence lets it in before all else.
    ports: { tcp: [22, ...publicPorts(plan.image, 'tcp')], udp: publicPorts(plan.image, 'udp') },
    diskGiB: Math.ceil(config.image.diskSize / GiB),
    section,
    sshKeys: plan.sshKeys,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
