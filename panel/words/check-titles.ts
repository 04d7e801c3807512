/** The title of a check in the language of the page. Programs, and what nobody has a word for, keep the one that the box gives. */
import { english } from './english/index.ts';
import { filled, words } from './spoken.ts';

type Title = keyof typeof english.status.titles;

/** `zone {of}` finds `zone example.com`, and what stands in its hole. */
const patterns = (Object.keys(english.status.titles) as Title[]).map((title) => ({
  title,
  pattern: new RegExp(`^${title.replace(/\{(\w+)\}/g, '(?<$1>.+)')}$`),
}));

export function checkTitle(told: string): string {
  for (const { title, pattern } of patterns) {
    const found = pattern.exec(told);
    if (found !== null) return filled(words().status.titles[title], found.groups ?? {});
  }
  return told;
}
