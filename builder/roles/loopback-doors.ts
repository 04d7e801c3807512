/**
 * Doors on loopback without TLS, for the box's own PHP where it is too old for TLS: before 5.6 it passes over
 * `peer_fingerprint` without a word, and its STARTTLS speaks TLS 1.0 alone. The fence keeps everyone out but who is named here.
 */

import type { Port } from '../../contract/settings.ts';
import type { Release, RoleName } from '../../releases/release.ts';
import { isAtLeast } from '../../releases/version.ts';
import type { Config } from '../config/schema.ts';
import { hasRole } from './role.ts';

export const imapDoorPort = 10143;
/** The webmail's own door to the mailboxes, on every release: app passwords don't open it. With TLS where PHP can verify. */
export const webmailImapPort = 10144;
export const sieveDoorPort = 14190;
export const submissionDoorPort = 10587;

/** `of`: whose door it is; `roles`: whose PHP may come to it. */
const doors = [
  { port: imapDoorPort, name: 'imap-door', of: 'dovecot', roles: ['groupware'] },
  { port: webmailImapPort, name: 'webmail-imap', of: 'dovecot', roles: ['webmail'] },
  { port: sieveDoorPort, name: 'sieve-door', of: 'dovecot', roles: ['webmail'] },
  { port: submissionDoorPort, name: 'submission-door', of: 'postfix', roles: ['webmail', 'groupware'] },
] as const satisfies readonly { port: number; name: string; of: RoleName; roles: readonly RoleName[] }[];

export interface LoopbackDoor {
  readonly port: number;
  readonly name: (typeof doors)[number]['name'];
  readonly of: (typeof doors)[number]['of'];
  /** Who may come to it, besides root, which looks whether it answers. */
  readonly users: readonly string[];
}

/** The doors of an image. A user is named where the image has its role: a rule on somebody who isn't there loads no fence at all. */
export function loopbackDoors(config: Config, release: Release): LoopbackDoor[] {
  if (isAtLeast(release.versions.php, '5.6')) return [];
  return doors
    .map(({ roles, ...door }) => ({ ...door, users: usersOf(roles, config, release) }))
    .filter(({ users }) => users.length > 0);
}

/** The users whose PHP is that of roles that the image has: each role's has one of its own. */
export const usersOf = (roles: readonly RoleName[], config: Config, release: Release): string[] =>
  roles.filter((role) => hasRole(role, config, release)).map((role) => `box-${role}`);

/** The doors of one daemon, as its role declares ports. */
export const doorPorts = (of: LoopbackDoor['of'], config: Config, release: Release): Omit<Port, 'role'>[] =>
  loopbackDoors(config, release)
    .filter((door) => door.of === of)
    .map(({ port, name }) => ({ port, protocol: 'tcp', name, public: false }));

/** Those at these ports, for a section of a template: empty where the image has none. */
export const loopbackDoor = (
  ports: readonly number[],
  config: Config,
  release: Release,
): { name: string; port: number }[] =>
  loopbackDoors(config, release)
    .filter(({ port }) => ports.includes(port))
    .map(({ name, port }) => ({ name, port }));

/** The same door with TLS, on the other releases. */
export const webmailImap = (config: Config, release: Release): { name: string; port: number }[] =>
  hasRole('webmail', config, release) && isAtLeast(release.versions.php, '5.6')
    ? [{ name: 'webmail-imap', port: webmailImapPort }]
    : [];
