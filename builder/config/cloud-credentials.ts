/** A log-in that was written into box.yaml, and the environment variable that it belongs to. */
import { clouds } from '../../clouds/index.ts';
import type { Path } from './path.ts';
import type { Problem } from './problem.ts';

/** What holds and what to do where the key is a credential of a cloud's builder; nothing where it is none. */
export function credentialAdvice([section, name, key]: Path): Pick<Problem, 'rule' | 'remedy'> | undefined {
  const cloud = section === 'clouds' ? clouds.find((each) => each.name === name) : undefined;
  const found = cloud?.builders
    .flatMap(({ credentials }) => credentials.flat())
    .find(({ option }) => option === key);
  if (found === undefined) return undefined;
  return {
    rule: 'must not stand in this file: it is who you are there, or a secret',
    remedy: `remove it, and set ${found.env} in the environment of \`letterbox bake --on ${String(name)}\``,
  };
}
