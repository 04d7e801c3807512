/** The box's own pages: a door for whatever it has, in four languages, without scripts; and how nginx chooses. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { pageFiles } from '../../../../box/web/pages/files.ts';
import { languageNames, languages } from '../../../../box/web/pages/languages.ts';
import type { Image } from '../../../../contract/settings.ts';
import { image } from '../temporary-box.ts';

const hostname = 'box.example.com';
const dav = { davPath: '/dav/', owner: 'box-groupware' };
const port = (number: number) => ({
  port: number,
  protocol: 'tcp' as const,
  name: 'some',
  role: 'some',
  public: true,
});

function page(name: string, more: Partial<Image> = {}): string {
  const file = pageFiles(hostname, { ...image, ...more }).find((one) => one.path.endsWith(`/${name}.html`));
  return String(file?.text);
}
const linksOf = (html: string) => [...html.matchAll(/<a href="([^"]*)"/g)].map(([, to]) => to);
const doorsOf = (roles: string[]) =>
  linksOf(page('front.en', { roles })).filter((to) => !to?.startsWith('?'));

test('the front door has a door for each thing that this box has, and no other', (t) => {
  const all = ['webmail', 'calendar', 'contacts', 'groupware', 'panel'];
  t.deepEqual(doorsOf(all), [
    '/mail/',
    '/mail/?_task=calendar',
    '/mail/?_task=addressbook',
    '/set-up',
    '/admin/',
  ]);
  t.deepEqual(doorsOf(['webmail', 'contacts', 'panel']), [
    '/mail/',
    '/mail/?_task=addressbook',
    '/set-up',
    '/admin/',
  ]);
  t.deepEqual(doorsOf(['groupware', 'panel']), ['/set-up', '/admin/']);
  t.deepEqual(doorsOf([]), ['/set-up']);
});

test('how a program is set up names the ports that the image serves, and calendars where there are some', (t) => {
  const html = page('set-up.en', { ports: [993, 587].map(port) });
  t.deepEqual(
    [...html.matchAll(/<td>(\d+)<\/td><td>([^<]*)/g)].map(([, number, how]) => `${number} ${how}`),
    ['993 SSL/TLS', '587 STARTTLS'],
  );
  t.true(linksOf(html).includes('/mailinabox.mobileconfig'));
  t.notRegex(html, /CalDAV|Exchange/);
  const more = page('set-up.en', { ports: [993, 4190].map(port), groupware: dav });
  t.true(more.includes('<code>https://box.example.com/dav/</code>'));
  t.regex(more, /<td>4190<\/td><td>STARTTLS/);
  t.regex(more, /Exchange/);
});

test('each page is there in each language, says which it is, and leads to the others', (t) => {
  for (const kind of ['front', 'set-up', 'plain'])
    for (const language of languageNames) {
      const html = page(`${kind}.${language}`, { groupware: dav });
      t.regex(html, new RegExp(`^<!doctype html>\n<html lang="${language}">`), kind);
      for (const other of languageNames.filter((name) => name !== language))
        t.true(
          html.includes(`<a href="?lang=${other}" hreflang="${other}" lang="${other}">`),
          `${kind} ${other}`,
        );
      t.false(html.includes(`?lang=${language}"`));
      t.regex(html, /<h1>[^<]+<\/h1>/);
    }
});

test('the pages have no script, no form and nothing that is loaded, and are small', (t) => {
  for (const { path: file, text } of pageFiles(hostname, { ...image, groupware: dav })) {
    t.notRegex(text, /<script|<form|<img|<iframe|\son\w+=|@import|url\(/i, file);
    t.deepEqual([...text.matchAll(/<link [^>]*>/g)].map(String), ['<link rel="icon" href="data:,">']);
    t.true(text.length < 8000, file);
    // Relative to whatever name and port the page was asked by.
    if (!file.includes('plain')) t.notRegex(text, /<a href="https?:/, file);
  }
});

test('no language lacks a word or a hole of another, and none is left in English', (t) => {
  const said = (words: unknown, at = ''): [string, string][] =>
    typeof words === 'string'
      ? [[at, words]]
      : Object.entries(words as object).flatMap(([key, value]) => said(value, `${at}.${key}`));
  const english = new Map(said(languages.en));
  // Words that another language has too.
  const alike = ['.front.mail.title', '.front.contacts.title', '.setUp.columns.1'];
  for (const name of languageNames.filter((one) => one !== 'en')) {
    const words = said(languages[name]);
    t.deepEqual(
      words.map(([at]) => at),
      [...english.keys()],
      name,
    );
    for (const [at, text] of words) {
      const holes = (of: string) => of.match(/\{\w+\}/g) ?? [];
      t.deepEqual(holes(text), holes(english.get(at) ?? ''), `${name}${at}`);
      t.not(text.trim(), '', `${name}${at}`);
      if (!alike.includes(at)) t.not(text, english.get(at), `${name}${at}`);
    }
  }
});

/** As nginx reads the map: the first expression that matches. */
const chosen = (() => {
  const text = readFileSync('overlays/nginx/common/etc/nginx/http.d/languages.conf', 'utf8');
  const fallback = /^ {4}default (\w+);/m.exec(text)?.[1];
  const rows = [...text.matchAll(/^ {4}"~(\*?)(.*)" (\w+);$/gm)].map(
    ([, any, pattern = '', name]) => [new RegExp(pattern, any === '*' ? 'i' : ''), name] as const,
  );
  return {
    names: new Set(rows.map(([, name]) => name)),
    by: (header: string, lang = '') =>
      rows.find(([pattern]) => pattern.test(`${lang} ${header}`))?.[1] ?? fallback,
  };
})();

test('nginx chooses the first of the languages that the browser names, or what a link asks for', (t) => {
  t.deepEqual([...chosen.names].sort(), [...languageNames].sort());
  for (const [header, name] of [
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['FR-ca, en', 'fr'],
    ['pt-BR, it;q=0.9, es-419;q=0.8,de;q=0.7', 'es'],
    ['nl;q=1,fr', 'fr'],
    // Names of other languages that begin alike.
    ['den,esu,frr,enm', 'en'],
    ['frp,de', 'de'],
    ['*', 'en'],
    [',,,', 'en'],
    ['de\u0000', 'en'],
    [`${'xx,'.repeat(9)}de`, 'de'],
    [`${'xx,'.repeat(10)}de`, 'en'],
  ] as const)
    t.is(chosen.by(header), name, header);
  t.is(chosen.by('de', 'fr'), 'fr');
  t.is(chosen.by('de', 'xx'), 'de');
  t.is(chosen.by('de', '../../etc'), 'de');
});

test('a long list of languages costs nothing', (t) => {
  const began = process.cpuUsage();
  for (const part of [',', ' ', 'x', 'de', ' ,', 'xx, ', ';q=0.1,'])
    t.truthy(chosen.by(part.repeat(Math.ceil(8000 / part.length))));
  t.true(process.cpuUsage(began).user < 1_000_000);
});
