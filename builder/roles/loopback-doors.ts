/**
 * Doors on loopback without TLS, for the box's own PHP where it is too old for TLS: before 5.6 it passes over
 * `peer_fingerprint` without a word, and its STARTTLS speaks TLS 1.0 alone. The fence keeps everyone out but who is named here.
 */

import type { Release, RoleName } from '../../releases/release.ts';
import { isAtLeast } from '../../releases/version.ts';
import type { Config } from '../config/schema.ts';
import { hasRole } from './role.ts';

export const imapDoorPort = 10143;
export const sieveDoorPort = 14190;
export const submissionDoorPort = 10587;

/** Each role's PHP has a user of its own, `box-ROLE`. */
const doors = [
  { port: imapDoorPort, name: 'imap-door', roles: ['webmail', 'groupware'] },
  { port: sieveDoorPort, name: 'sieve-door', roles: ['webmail'] },
  { port: submissionDoorPort, name: 'submission-door', roles: ['webmail', 'groupware'] },
] as const satisfies readonly { port: number; name: string; roles: readonly RoleName[] }[];

export interface LoopbackDoor {
  readonly port: number;
  readonly name: (typeof doors)[number]['name'];
  /** Who may come to it, besides root, which looks whether it answers. */
  readonly users: readonly string[];
}

/** The doors of an image. A user is named where the image has its role: a rule on somebody who isn't there loads no fence at all. */
export function loopbackDoors(config: Config, release: Release): LoopbackDoor[] {
  if (isAtLeast(release.versions.php, '5.6')) return [];
  return doors
    .map(({ port, name, roles }) => {
      const users = roles.filter((role) => hasRole(role, config, release)).map((role) => `box-${role}`);
      return { port, name, users };
    })
    .filter(({ users }) => users.length > 0);
}

/** One of them as a list, for a section of a template: empty where the image has none. */
export const loopbackDoor = (port: number, config: Config, release: Release): { port: number }[] =>
  loopbackDoors(config, release)
    .filter((door) => door.port === port)
    .map(() => ({ port }));
