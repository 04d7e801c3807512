/** All rules, and how they are asked. */
import { keyOf, type Path, related } from './path.ts';
import { accessRules } from './rules/access.ts';
import { acmeRules } from './rules/acme.ts';
import { cloudRules } from './rules/clouds.ts';
import { diskRules } from './rules/disk.ts';
import { dnsRules } from './rules/dns.ts';
import { nameRules } from './rules/names.ts';
import { networkRules } from './rules/network.ts';
import { outboundRules } from './rules/outbound.ts';
import { releaseRules } from './rules/release.ts';
import { restoreRules } from './rules/restore.ts';
import type { Finding, Releases, Rule } from './rules/rule.ts';
import type { Config } from './schema.ts';

/** Every rule there is. */
export const rules: readonly Rule[] = [
  ...releaseRules,
  ...nameRules,
  ...accessRules,
  ...restoreRules,
  ...networkRules,
  ...outboundRules,
  ...diskRules,
  ...dnsRules,
  ...acmeRules,
  ...cloudRules,
];

/** What the rules find; a rule that reads one of the keys in `wrong` is not asked. */
export function findings(config: Config, releases: Releases, wrong: readonly Path[] = []): Finding[] {
  const wrongKeys = wrong.map((path) => keyOf(path).split('.'));
  return rules
    .filter(({ reads }) => !reads.some((key) => wrongKeys.some((other) => related(other, key.split('.')))))
    .flatMap((rule) => rule.check(config, releases));
}
