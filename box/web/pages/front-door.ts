/** The page at the box's own name: a door to whatever this box has, and none to what it hasn't. Pure. */
import { escaped } from '../../mail-clients/xml.ts';
import { type Language, languages } from './languages.ts';
import { pageText } from './page.ts';
import type { Door } from './words.ts';

export function frontDoor(language: Language, hostname: string, roles: readonly string[]): string {
  const { front } = languages[language];
  const has = (role: string) => roles.includes(role);
  const doors = [
    ...(has('webmail') ? [door('/mail/', front.mail)] : []),
    ...(has('calendar') ? [door('/mail/?_task=calendar', front.calendar)] : []),
    ...(has('webmail') ? [door('/mail/?_task=addressbook', front.contacts)] : []),
    door('/set-up', front.setUp),
    ...(has('panel') ? [door('/admin/', front.panel)] : []),
  ];
  return pageText({
    language,
    title: hostname,
    main: `<h1>${escaped(hostname)}</h1>
<p>${escaped(front.lead)}</p>
<ul class="doors">
${doors.join('\n')}
</ul>`,
    choice: true,
  });
}

/** By path alone, so that it leads to the same name and port that the page was asked by. */
const door = (path: string, { title, text }: Door) =>
  `<li><a href="${escaped(path)}"><strong>${escaped(title)}</strong> <span>${escaped(text)}</span></a></li>`;
