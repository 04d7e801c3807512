/** A box of another TLS policy without another bake: the files of the plan that the policy makes different. */
import { loadConfig } from '../../../builder/config/load.ts';
import type { PlanFile } from '../../../builder/plan/file.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import type { PolicyName } from '../../../builder/roles/tls/policy.ts';
import { release } from '../../rig/release.ts';

const config = { ...loadConfig('example.yaml').config, release: release.name };

/** What the bake would lay down differently under this policy, in place of the example's own. */
export function filesOfPolicy(policy: PolicyName, legacyTls = false): PlanFile[] {
  const other = { ...config, tls: { ...config.tls, policy }, inbound: { ...config.inbound, legacyTls } };
  const baked = new Map(makePlan(config, release).files.map((file) => [file.path, file.text]));
  return makePlan(other, release).files.filter((file) => baked.get(file.path) !== file.text);
}
