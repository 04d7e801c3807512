/**
 * The language that the panel speaks: the browser's, for everybody. English is always there; another one is a file of its own, which is
 * loaded before the first page is drawn. Parts of pages ask here, as they ask for what was said last.
 */
import { english, type Words } from './english/index.ts';
import type { Plural } from './plural.ts';

/** As HTML names them (BCP 47). */
export const languages = {
  en: async () => english,
  de: async () => (await import('./german/index.ts')).german,
  fr: async () => (await import('./french/index.ts')).french,
  es: async () => (await import('./spanish/index.ts')).spanish,
} as const satisfies Record<string, () => Promise<Words>>;
export type Language = keyof typeof languages;

/** The first that there is, of what somebody likes best first; English where there is none. */
export function languageOf(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? '').find((tag) => tag in languages);
  return (known as Language | undefined) ?? 'en';
}

let current: { readonly language: Language; readonly words: Words } = { language: 'en', words: english };

/** Where its file does not come, the panel speaks English: nobody is kept out by that. */
export async function speak(
  language: Language,
  load: Readonly<Record<Language, () => Promise<Words>>> = languages,
): Promise<void> {
  try {
    current = { language, words: await load[language]() };
  } catch {
    current = { language: 'en', words: english };
  }
}
export const language = (): Language => current.language;
export const words = (): Words => current.words;

/** Of what the API says, which is English in every language; nothing where all of the page is. */
export const toldIn = (): 'en' | undefined => (current.language === 'en' ? undefined : 'en');

/** Puts what is named into a text. */
export const filled = (text: string, values: object) =>
  text.replace(/\{(\w+)\}/g, (hole, name: string) =>
    String(new Map(Object.entries(values)).get(name) ?? hole),
  );

/** A number as the language writes it. */
export const numberOf = (value: number, digits = 2) =>
  new Intl.NumberFormat(current.language, { maximumFractionDigits: digits }).format(value);

/** The form of the language's for so many; `{n}` is how many, beside what else is named. */
export function counted(forms: Plural, n: number, values: object = {}): string {
  const isOne = new Intl.PluralRules(current.language).select(n) === 'one';
  return filled(isOne ? forms.one : forms.other, { n: numberOf(n), ...values });
}
