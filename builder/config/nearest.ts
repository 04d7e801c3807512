/** Finds what the user probably meant. */
import { distance } from 'fastest-levenshtein';

/** The candidate that is a typing error or two away from `word`, if there is one. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const key = plain(word);
  let best: { candidate: string; steps: number } | undefined;
  for (const candidate of candidates) {
    const steps = distance(key, plain(candidate));
    if (steps <= allowed(candidate) && steps < (best?.steps ?? Infinity)) best = { candidate, steps };
  }
  return best?.candidate;
}

/** `ssh_keys`, `ssh-keys` and `SSHKeys` all mean `sshKeys`. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Two letters (one swap) or a third of a word may be wrong; in a very short one a single letter. */
function allowed(candidate: string): number {
  return candidate.length < 4 ? 1 : Math.max(2, Math.floor(candidate.length / 3));
}
