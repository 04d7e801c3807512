/** How a program or a telephone is set up: what everybody may know, from what the image serves. Pure. */
import { type MailService, offeredServices, type Servers } from '../../mail-clients/servers.ts';
import { escaped } from '../../mail-clients/xml.ts';
import { type Language, languages } from './languages.ts';
import { code, filled, link, pageText } from './page.ts';
import type { Words } from './words.ts';

const sievePort = 4190;

/** @param davPath where calendars and contacts are, in an image that has some */
export function setUpPage(language: Language, servers: Servers, davPath?: string): string {
  const words = languages[language].setUp;
  const { hostname } = servers;
  return pageText({
    language,
    title: `${words.title} · ${hostname}`,
    main: `<h1>${escaped(words.title)}</h1>
<p>${escaped(words.lead)}</p>
<dl>
<dt>${escaped(words.server)}</dt><dd>${code(hostname)}</dd>
<dt>${escaped(words.userName)}</dt><dd>${escaped(words.wholeAddress)}</dd>
<dt>${escaped(words.password)}</dt><dd>${escaped(words.accountsOwn)}</dd>
</dl>
<h2>${escaped(words.bySelf)}</h2>
<ul>
<li>${escaped(words.computers)}</li>
<li>${filled(words.apple, { profile: link('/mailinabox.mobileconfig', words.profile) })}</li>
<li>${escaped(words.android)}</li>
</ul>
${davPath === undefined ? '' : personal(words, hostname, davPath)}<h2>${escaped(words.byHand)}</h2>
<table>
<thead><tr>${words.columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('')}</tr></thead>
<tbody>
${rows(words, servers).join('\n')}
</tbody>
</table>
<p>${escaped(words.neverPlain)}</p>
<p>${link('/', words.back)}</p>`,
    choice: true,
  });
}

function personal(words: Words['setUp'], hostname: string, davPath: string): string {
  const dav = code(`https://${hostname}${davPath}`);
  const items = [
    filled(words.exchange, { server: code(hostname) }),
    filled(words.davx5, { dav }),
    filled(words.otherPrograms, { dav }),
  ];
  return `<h2>${escaped(words.personal)}</h2>
<ul>
${items.map((item) => `<li>${item}</li>`).join('\n')}
</ul>
`;
}

function rows(words: Words['setUp'], servers: Servers): string[] {
  const kinds: Readonly<Record<MailService['protocol'], string>> = words;
  return [
    ...offeredServices(servers).map((service) => row(kinds[service.protocol], service)),
    ...(servers.ports.includes(sievePort) ? [row(words.sieve, { port: sievePort, starttls: true })] : []),
  ];
}

const row = (what: string, { port, starttls }: Pick<MailService, 'starttls'> & { readonly port: number }) =>
  `<tr><td>${escaped(what)}</td><td>${port}</td><td>${starttls ? 'STARTTLS' : 'SSL/TLS'}</td></tr>`;
