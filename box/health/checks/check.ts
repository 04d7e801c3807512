/** A check of the running box: what is looked at, how it is, and what to do. */
import type { FirstStep, PanelPage } from '../../../contract/api.ts';
import type { Image, Settings } from '../../../contract/settings.ts';
import type { Machine } from '../../machine/machine.ts';

export interface CheckResult {
  readonly title: string;
  readonly state: 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly remedy?: string;
  /** The page of the control panel that mends it, where one does. */
  readonly page?: PanelPage;
  /** Which step of a new box's administrator it speaks of. */
  readonly step?: FirstStep;
}

/** A look at everything. */
export interface Seen {
  readonly checkedAt: string;
  readonly results: readonly CheckResult[];
}

export interface Subject {
  readonly machine: Machine;
  readonly image: Image;
  readonly settings: Settings;
  readonly now: () => Date;
}

export type Check = (subject: Subject) => Promise<readonly CheckResult[]>;

export const ok = (title: string, text: string): CheckResult => ({ title, state: 'ok', text });
export const ofStep = (step: FirstStep, ...results: readonly CheckResult[]): CheckResult[] =>
  results.map((result) => ({ ...result, step }));
type Problem = (title: string, text: string, remedy: string, page?: PanelPage) => CheckResult;
const problem =
  (state: 'warning' | 'error'): Problem =>
  (title, text, remedy, page) => ({
    ...{ title, state, text, remedy },
    ...(page === undefined ? {} : { page }),
  });
export const warning = problem('warning');
export const error = problem('error');
