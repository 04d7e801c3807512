/** The languages of the box's own pages. nginx chooses by what the browser asks for (`http.d/languages.conf`), the first where nothing fits. */
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { spanish } from './spanish.ts';
import type { Words } from './words.ts';

export const languages = { en: english, de: german, fr: french, es: spanish } as const satisfies Record<
  string,
  Words
>;
/** As HTML and HTTP name it (BCP 47). */
export type Language = keyof typeof languages;
export const languageNames = Object.keys(languages) as readonly Language[];
