/** What a system's own tools note of files, beside dpkg's lists: diversions, alternatives, ucf's registry. */

/** Where diverted files really lie (dpkg-divert(1)): three lines each. */
export function divertedTo(diversions: string): string[] {
  return diversions.split('\n').filter((_, index) => index % 3 === 1);
}

/** The links of one file of /var/lib/dpkg/alternatives: the group's own, and those that follow it. */
export function alternativeLinks(name: string, text: string): string[] {
  const [, link = '', ...rest] = text.split('\n');
  const followers: string[] = [];
  const choices = [`/etc/alternatives/${name}`];
  for (let index = 0; (rest[index] ?? '') !== ''; index += 2) {
    choices.push(`/etc/alternatives/${rest[index]}`);
    followers.push(rest[index + 1] ?? '');
  }
  return [link, ...followers, ...choices];
}

/** Files that ucf(1) keeps for a package. */
export function keptByUcf(registry: string): string[] {
  return registry.split('\n').flatMap((line) => line.split(/\s+/)[1] ?? []);
}
