/** What whoever chooses a release should know before anything else. */
import type { Release } from '../../releases/release.ts';

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
