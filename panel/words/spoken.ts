/**
 * The language that the panel speaks: for who is no administrator, and at the log-in, the browser's; for administrators English, as all
 * their pages are. Parts of pages ask here, as they ask for what was said last.
 */
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import type { OwnWords } from './own-words.ts';
import { spanish } from './spanish.ts';

/** As HTML names them (BCP 47). */
export const languages = { en: english, de: german, fr: french, es: spanish } as const satisfies Record<
  string,
  OwnWords
>;
export type Language = keyof typeof languages;

/** The first that there is, of what somebody likes best first; English where there is none. */
export function languageOf(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find((tag) => tag in languages);
  return (known as Language | undefined) ?? 'en';
}

let current: Language = 'en';

/** The frame alone says it. */
export function speak(language: Language): void {
  current = language;
}
export const language = () => current;
export const words = (): OwnWords => languages[current];

/** Puts what is named into a text. */
export const filled = (text: string, values: object) =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) =>
    String(new Map(Object.entries(values)).get(name) ?? hole),
  );

/** A size for people, with the language's own comma. */
export function sizeOf(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [bytes / 1024, 0];
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  const number = new Intl.NumberFormat(current, { maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
  return `${number} ${units[unit]}`;
}

export const dayOf = (time: string) =>
  new Date(time).toLocaleDateString(current, { year: 'numeric', month: 'short', day: 'numeric' });
