/** The frame of the box's own pages: one file each, without scripts and with nothing loaded from anywhere. Pure. */
import { escaped } from '../../mail-clients/xml.ts';
import { type Language, languageNames, languages } from './languages.ts';

export interface Page {
  readonly language: Language;
  readonly title: string;
  /** HTML: whatever is no word of ours is escaped already. */
  readonly main: string;
  /** Whether the same page can be had in the other languages. */
  readonly choice: boolean;
}

/** The panel's colours, for light and dark: AA contrast in both. */
const style = `:root{color-scheme:light dark;--page:#f6f6f4;--card:#fff;--text:#1c1d1f;--soft:#55585e;--edge:#7d8086;--link:#0b57a4}
@media (prefers-color-scheme:dark){:root{--page:#16171a;--card:#1f2125;--text:#e8e8e6;--soft:#aeb1b7;--edge:#868a92;--link:#8fc1ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:38rem;padding:8vh 1.25rem 2rem;background:var(--page);color:var(--text);font:1.05rem/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
a{color:var(--link)}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.doors{list-style:none;margin:1.75rem 0 0;padding:0;display:grid;gap:.75rem}
.doors li{margin:0}
.doors a{display:block;padding:.8rem 1rem;background:var(--card);border:1px solid var(--edge);border-radius:.5rem;text-decoration:none}
.doors a:hover{border-color:var(--link)}
.doors strong{display:block;font-size:1.1rem;text-decoration:underline}
.doors span{color:var(--soft)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.25rem}
dt{color:var(--soft)}
dd{margin:0}
table{width:100%;border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--edge);overflow-wrap:normal}
ul{padding-left:1.25rem}
li{margin:.35rem 0}
.languages{margin-top:3rem}
.languages a,.languages span{display:inline-block;padding:.3rem 0;margin-right:1rem}
@media (max-width:30rem){body{padding-top:2rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}}`;

export function pageText({ language, title, main, choice }: Page): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
${style}
</style>
</head>
<body>
<main>
${main}
</main>
${choice ? choiceOf(language) : ''}</body>
</html>
`;
}

/** Each in its own language, which is how its people find it. */
function choiceOf(shown: Language): string {
  const links = languageNames.map((name) => {
    const { language } = languages[name];
    return name === shown
      ? `<span aria-current="true">${language}</span>`
      : `<a href="?lang=${name}" hreflang="${name}" lang="${name}">${language}</a>`;
  });
  return `<nav class="languages" aria-label="${languages[shown].languages}">\n${links.join('\n')}\n</nav>\n`;
}

/** Words with holes, as HTML. What goes into a hole is HTML. */
export function filled(words: string, holes: Readonly<Record<string, string>>): string {
  return escaped(words).replace(/\{(\w+)\}/g, (_, name: string) => holes[name] ?? '');
}

export const link = (to: string, words: string) => `<a href="${escaped(to)}">${escaped(words)}</a>`;
export const code = (text: string) => `<code>${escaped(text)}</code>`;
