/** The box as every room has it in its hands: the machine, its settings and its clock. */
import type { Settings } from '../../contract/settings.ts';
import type { Machine } from './machine.ts';

export interface Box {
  readonly machine: Machine;
  readonly settings: Settings;
  /** The clock; tests set it. */
  readonly now: () => Date;
}

/** A running service that must learn of what a step changed, by its name in the init system. */
export interface Refresh {
  readonly service: string;
  readonly by: 'reload' | 'restart';
}
