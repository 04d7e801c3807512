/** The first page of a domain that has none: it says what this is and where the way in is, until its owner puts another in its place. Pure. */
import { escaped } from '../../mail-clients/xml.ts';
import { type Language, languages } from './languages.ts';
import { filled, link, pageText } from './page.ts';

/** @param title whose page it is: a domain, or the box for all that have no folder of their own */
export function plainPage(language: Language, title: string, hostname: string, choice = true): string {
  const [what, where] = languages[language].plain;
  return pageText({
    language,
    title,
    main: `<h1>${escaped(title)}</h1>
<p>${escaped(what)}</p>
<p>${filled(where, { box: link(`https://${hostname}/`, hostname) })}</p>`,
    choice,
  });
}
