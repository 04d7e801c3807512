/** `letterbox launch`: a folder that launches the box at a cloud. It starts nothing there itself. */
import type { Cloud } from '../../clouds/cloud.ts';
import type { CloudName } from '../../clouds/index.ts';
import { publicPorts } from '../../contract/settings.ts';
import type { Compiled } from '../compile.ts';
import { optionsNeeded, sectionOf } from '../config/cloud-choice.ts';
import type { OutputFile } from '../host/write.ts';
import { tofuModule, unknownDevice, unknownIpv4 } from '../outputs/launch/opentofu.ts';
import { tofuReadme } from '../outputs/launch/readme.ts';
import { userData } from '../outputs/user-data.ts';

/** No kit can be made: one thing to mend first. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** @throws LaunchError, UserDataTooLarge */
export function launchKit({ config, plan }: Pick<Compiled, 'config' | 'plan'>, cloud: Cloud): OutputFile[] {
  const { launch } = cloud;
  if (launch === undefined) throw new LaunchError(`nobody wrote yet how a box is launched at ${cloud.title}`);
  const section = sectionOf(config, cloud);
  if (section === undefined && cloud.builders.length > 0)
    throw new LaunchError(
      `the config has no clouds.${cloud.name}: add the section, with ${optionsNeeded(cloud)} (docs/config.md)`,
    );
  const made = launch.module({
    name: plan.name,
    hostname: plan.settings.hostname,
    // ssh is no role's: the fence lets it in before all else.
    ports: { tcp: [22, ...publicPorts(plan.image, 'tcp')], udp: publicPorts(plan.image, 'udp') },
    diskGiB: Math.ceil(config.image.diskSize / 1024 ** 3),
    section: section ?? {},
    sshKeys: plan.sshKeys,
  });
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
  ].map((file) => ({ ...file, path: `launch/${cloud.name}/${file.path}` }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
