/** What holds apt to a lock: preferences by apt_preferences(5) that let it take these versions and nothing else. */
import type { Lock } from './lock.ts';

/** From 1000 on a version is taken even where the archive has a newer one, or one is there already; below 0 it never is. */
export function pinsText({ packages }: Pick<Lock, 'packages'>): string {
  const held = packages.map(({ name, version }) => pin(name, `version ${version}`, 1001));
  return [pin('*', 'release *', -1), ...held.sort()].join('\n');
}

const pin = (name: string, what: string, priority: number) =>
  `Package: ${name}\nPin: ${what}\nPin-Priority: ${priority}\n`;
