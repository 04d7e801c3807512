/** The operating system itself: cloud-init, sshd, kernel settings, journal. */
import { isAtLeast } from './dialect.ts';
import type { Role, TemplateValues } from './role.ts';

export const system: Role = {
  name: 'system',
  summary: 'cloud-init, ssh by key only, kernel hardening, journal limits and the message of the day',
  plan: (_, { versions }) => ({ ports: [], values: stagesOf(versions.cloudInit) }),
};

/** The unit that writes files and keys, once there is a network; before 17.1 the overlay has jobs of Upstart's in its place. */
function stagesOf(version: string): TemplateValues {
  if (!isAtLeast(version, '17.1')) return {};
  return { networkStage: isAtLeast(version, '24.3') ? 'cloud-init-network' : 'cloud-init' };
}
