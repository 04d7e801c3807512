/** What the last action did: shown at the top of the page, and read out by the live region that shows it. */

export interface Notice {
  readonly text: string;
  /** Behind it, in English: what the API says. */
  readonly told?: string;
  readonly bad?: boolean;
  /** Takes it back; what it gives is said next. */
  readonly undo?: () => Promise<string | Pick<Notice, 'text' | 'told'>>;
}

let current: Notice | undefined;
let tell: () => void = () => {};

export const notice = () => current;

export function say(text: string, more: Omit<Notice, 'text'> = {}): void {
  current = { text, ...more };
  tell();
}

export function unsay(): void {
  current = undefined;
  tell();
}

/** The frame alone looks. */
export function watch(told: () => void): () => void {
  tell = told;
  return () => {
    tell = () => {};
  };
}
