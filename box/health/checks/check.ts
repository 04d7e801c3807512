/** A check of the running box: what is looked at, how it is, and what to do. */
import type { Image, Settings } from '../../../contract/settings.ts';
import type { Machine } from '../../machine/machine.ts';

export interface CheckResult {
  readonly title: string;
  readonly state: 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly remedy?: string;
}

export interface Subject {
  readonly machine: Machine;
  readonly image: Image;
  readonly settings: Settings;
  readonly now: () => Date;
}

export type Check = (subject: Subject) => Promise<readonly CheckResult[]>;

export const ok = (title: string, text: string): CheckResult => ({ title, state: 'ok', text });
export const warning = (title: string, text: string, remedy: string): CheckResult => ({
  title,
  state: 'warning',
  text,
  remedy,
});
export const error = (title: string, text: string, remedy: string): CheckResult => ({
  title,
  state: 'error',
  text,
  remedy,
});
