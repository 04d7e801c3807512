/** `letterbox launch`: a folder that launches the box at a cloud. It starts nothing there itself. */
import type { Cloud } from '../../clouds/cloud.ts';
import type { CloudName } from '../../clouds/index.ts';
import type { LaunchPlan, Manifests } from '../../clouds/launch-plan.ts';
import { publicPorts } from '../../contract/settings.ts';
import type { Compiled } from '../compile.ts';
import { sectionNeeded, sectionOf } from '../config/cloud-choice.ts';
import type { OutputFile } from '../host/write.ts';
import { manifestsReadme, manifestsText } from '../outputs/launch/manifests.ts';
import { tofuModule, unknownDevice, unknownIpv4 } from '../outputs/launch/opentofu.ts';
import { tofuReadme } from '../outputs/launch/readme.ts';
import { userData } from '../outputs/user-data.ts';

/** No kit can be made: one thing to mend first. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** @throws LaunchError, UserDataTooLarge */
export function launchKit(compiled: Pick<Compiled, 'config' | 'plan'>, cloud: Cloud): OutputFile[] {
  const made =
    cloud.manifests === undefined
      ? moduleKit(compiled, cloud)
      : manifestKit(compiled, cloud, cloud.manifests);
  return made.map((file) => ({ ...file, path: `launch/${cloud.name}/${file.path}` }));
}

function moduleKit({ config, plan }: Pick<Compiled, 'config' | 'plan'>, cloud: Cloud): OutputFile[] {
  const { launch } = cloud;
  if (launch === undefined) throw new LaunchError(`nobody wrote yet how a box is launched at ${cloud.title}`);
  const section = sectionOf(config, cloud);
  if (section === undefined && cloud.builders.length > 0)
    throw new LaunchError(`the config has no clouds.${cloud.name}: ${sectionNeeded(cloud)}`);
  const made = launch.module(told({ config, plan }, section ?? {}));
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
  const files = tofuModule(launch, made, { ...fills, hostname, external: dns?.mode === 'external' });
  const user = userData({ settings, sshKeys: plan.sshKeys }, cloud.name as CloudName);
  return [
    ...Object.entries(files).map(([name, content]) => ({ path: name, content: json(content) })),
    { path: 'user-data', content: user, secret: true },
    { path: 'README.md', content: tofuReadme(launch, cloud.title, hostname) },
  ];
}

function manifestKit(
  compiled: Pick<Compiled, 'config' | 'plan'>,
  { name, title }: Cloud,
  { manifests, secret, device, notes }: Manifests,
): OutputFile[] {
  const { settings, sshKeys } = compiled.plan;
  const { storage, dns, hostname } = settings;
  const box = told(compiled, {});
  const own = { ...settings, storage: { device: storage.device ?? device } };
  const user = userData({ settings: own, sshKeys }, name as CloudName);
  return [
    { path: 'box.yaml', content: manifestsText(manifests(box)) },
    { path: 'user-data.yaml', content: manifestsText([secret(box, user)]), secret: true },
    { path: 'README.md', content: manifestsReadme(title, hostname, dns?.mode === 'external', notes) },
  ];
}

function told(
  { config, plan }: Pick<Compiled, 'config' | 'plan'>,
  section: LaunchPlan['section'],
): LaunchPlan {
  return {
    name: plan.name,
    hostname: plan.settings.hostname,
    // ssh is no role's: the fence lets it in before all else.
    ports: { tcp: [22, ...publicPorts(plan.image, 'tcp')], udp: publicPorts(plan.image, 'udp') },
    diskGiB: Math.ceil(config.image.diskSize / 1024 ** 3),
    section,
    sshKeys: plan.sshKeys,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
