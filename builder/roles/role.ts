/** A role: one daemon or one concern of the box, as a pure function of (config, release). */
import type { Port } from '../../contract/settings.ts';
import {
  type JoiningRole,
  joiningRoles,
  optionalRoles,
  type Release,
  type RoleName,
} from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';

/** What fills the holes of a role's templates. Lists and objects serve Mustache sections. */
export type TemplateValue =
  | string
  | number
  | boolean
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };
export type TemplateValues = Readonly<Record<string, TemplateValue>>;

export interface RolePlan {
  readonly ports: readonly Omit<Port, 'role' | 'service'>[];
  /** Exactly the names that the role's templates use: an unknown or an unused one is an error. */
  readonly values: TemplateValues;
}

export interface Role {
  readonly name: RoleName;
  /** One sentence: what it is for on the box. */
  readonly summary: string;
  /** Names of values that are the sum of all roles (see `makePlan`) and that this role's templates use. */
  readonly shared?: readonly ('services' | 'publicTcpPorts' | 'publicUdpPorts')[];
  readonly plan: (config: Config, release: Release) => RolePlan;
}

/**
 * Whether the image has the role: nothing is in it of one that the config leaves out or the release lacks. True of every name
 * that is no optional role's.
 */
export function hasRole(name: string, config: Config, release: Release): boolean {
  if (isJoining(name))
    return (
      !release.lacksRoles.includes(name) && joiningRoles[name].every((role) => hasRole(role, config, release))
    );
  const optional = optionalRoles.find((role) => role === name);
  return optional === undefined || (config[optional] !== 'none' && !release.lacksRoles.includes(optional));
}

const isJoining = (name: string): name is JoiningRole => Object.hasOwn(joiningRoles, name);
