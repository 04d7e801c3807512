/** How the box is, as its API tells it: what checks found, how far the first steps are, and the pages that mend. Types alone; part of `api.ts`. */

export interface StatusEntry {
  readonly type: 'heading' | 'ok' | 'warning' | 'error';
  readonly text: string;
  readonly extra: readonly { readonly text: string; readonly monospace: boolean }[];
  /** The page of the panel that mends it, where one does. */
  readonly page?: PanelPage;
  /** Of the heading: ISO 8601. */
  readonly checked_at?: string;
}

/** What the administrator of a new box does once, so that mail flows and nothing is lost. */
export type FirstStep =
  | 'name-servers'
  | 'dnssec'
  | 'reverse-name'
  | 'certificate'
  | 'mail-out'
  | 'backup'
  | 'backup-key'
  | 'second-factor'
  | 'first-user';

export interface FirstSteps {
  /** ISO 8601; null where the box was not looked at since its boot: then what the world sees is not known. */
  readonly checked_at: string | null;
  /** Whether all were done before: what is open now has broken. */
  readonly were_done: boolean;
  readonly steps: readonly FirstStepStanding[];
}

export interface FirstStepStanding {
  readonly step: FirstStep;
  readonly state: 'done' | 'open';
  readonly title: string;
  readonly why: string;
  /** What the checks say of one that is open. */
  readonly found: readonly string[];
  readonly what_to_do: readonly string[];
  /** Who has no use for it leaves it open: it makes no box a new one, and is no hint later. */
  readonly optional?: true;
  /** What passes between that and the step's being done. */
  readonly waits_for: string;
  /** The page of the panel where it is done, or can be read what to type elsewhere. */
  readonly page?: PanelPage;
}

/** The panel's pages, each by what stands after the `#/` of its address. */
export type PanelPage =
  | 'first-steps'
  | 'status'
  | 'charts'
  | 'log'
  | 'reports'
  | 'users'
  | 'aliases'
  | 'dns'
  | 'certificate'
  | 'web-sites'
  | 'mail-guide'
  | 'account'
  | 'second-factor'
  | 'tokens'
  | 'backups'
  | 'system';
