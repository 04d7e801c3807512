/** A role: one daemon or one concern of the box, as a pure function of (config, release). */
import type { Port } from '../../box/settings.ts';
import type { Release, RoleName } from '../../releases/release.ts';
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
  readonly ports: readonly Omit<Port, 'role'>[];
  /** Exactly the names that the role's templates use: an unknown or an unused one is an error. */
  readonly values: TemplateValues;
}

export interface Role {
  readonly name: RoleName;
  /** One sentence: what it is for on the box. */
  readonly summary: string;
  /** Names of values that are the sum of all roles (see `makePlan`) and that this role's templates use. */
  readonly shared?: readonly ('services' | 'publicTcpPorts' | 'publicUdpPorts')[];
  /** Whether the image has it at all; absent: always. Of one that it has not, nothing is in the image. */
  readonly wanted?: (config: Config, release: Release) => boolean;
  readonly plan: (config: Config, release: Release) => RolePlan;
}
