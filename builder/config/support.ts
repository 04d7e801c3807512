/** What whoever chooses a release or a cloud should know before anything else. */
import type { Cloud } from '../../clouds/cloud.ts';
import { cloudOf } from '../../clouds/index.ts';
import type { Release } from '../../releases/release.ts';
import type { Config } from './schema.ts';

/** One sentence where nobody mends the release any more; undefined where somebody does. */
export function supportWarning(
  release: Pick<Release, 'title' | 'supportEnded'> | undefined,
): string | undefined {
  if (release?.supportEnded === undefined) return undefined;
  return (
    `${release.title} has had no public security upgrade since ${release.supportEnded}: whatever is found in it stays open. ` +
    'Study it, compare with it; put another release on the Internet'
  );
}

/** One sentence where the release's cloud-init can't read what the cloud tells a machine; undefined where it can. */
export function datasourceWarning(
  { cloud }: Pick<Config, 'cloud'>,
  release: Pick<Release, 'name' | 'title'> | undefined,
): string | undefined {
  const { title, datasource, datasourceUnknownTo = [] } = cloudOf(cloud);
  if (release === undefined || !datasourceUnknownTo.includes(release.name)) return undefined;
  return (
    `${title}: cloud-init of ${release.title} does not know its datasource (${datasource}), so a box there finds no user-data and stays closed. ` +
    'Take a newer release, or show the box a seed disk, if the cloud lets you'
  );
}

/** One sentence where the cloud lets no mail out by port 25 and the config names no relay; undefined elsewhere. */
export function portWarning(
  { cloud, outbound }: Pick<Config, 'cloud' | 'outbound'>,
  known: (name: Config['cloud']) => Pick<Cloud, 'title' | 'port25'> = cloudOf,
): string | undefined {
  const { title, port25 } = known(cloud);
  if (!port25.out.startsWith('closed') || outbound.relay !== undefined) return undefined;
  return (
    `${title}: port 25 to others is ${port25.out} (${port25.opening}), so mail to them stays on the box. ` +
    'With outbound.relay it leaves by a host that may'
  );
}
