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
