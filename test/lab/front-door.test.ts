/** Who opens the box's own name: finds every door in their language, behind a port forward too, and sets a program up. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { Browser } from './world/browser.ts';
import { makeLab } from './world/lab.ts';
import { PanelPerson } from './world/panel-person.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-front-door');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const browser = kept.own(await Browser.of(box));
  const person = new PanelPerson(await browser.page());
  /** By the box's own name unless another is said, at any port: a port forward leads to the box's 443. */
  const get = async (where: string, ...more: string[]) => {
    const url = where.startsWith('/') ? `https://${hostname}${where}` : where;
    const argv = ['curl', '-ksi', '--path-as-is', '--max-time', '30', '--connect-to', `::${box.host}:443`];
    const { code, stdout } = await outcome([...box.prefix, ...argv, ...more, url], { seconds: 40 });
    if (code !== 0) throw new Error(`${url}: curl exited ${code}`);
    const end = stdout.indexOf('\r\n\r\n');
    return {
      status: Number(stdout.split(' ')[1]),
      head: stdout.slice(0, end),
      body: stdout.slice(end + 4),
    };
  };
  return { box, owner: lab.owner, browser, person, get };
});

const linksOf = (html: string) =>
  [...html.matchAll(/<a href="([^"]*)"/g)].map(([, to = '']) => to.replaceAll('&amp;', '&'));
const accepting = (languages: string) => ['-H', `Accept-Language: ${languages}`];

test('every door of the front door leads somewhere, and to all that this box has', async (t) => {
  const { get } = await ready;
  const front = await get('/');
  t.is(front.status, 200);
  t.regex(front.head, /^content-type: text\/html; charset=utf-8\r?$/im);
  t.regex(front.head, /^content-security-policy: script-src 'none'/im);
  const doors = linksOf(front.body).filter((to) => to.startsWith('/'));
  for (const door of ['/mail/', '/mail/?_task=addressbook', '/set-up', '/admin/'])
    t.true(doors.includes(door), door);
  for (const door of [...doors, '/mailinabox.mobileconfig', '/index.html'])
    t.is((await get(door)).status, 200, door);
});

test('the pages are in the language that the browser asks for, or that a link does', async (t) => {
  const { get } = await ready;
  const languageOf = ({ body }: { body: string }) => /^<html lang="(..)">$/m.exec(body)?.[1];
  for (const where of ['/', '/set-up', 'https://example.com/'])
    for (const [languages, language] of [
      ['de-AT,de;q=0.9,en;q=0.8', 'de'],
      ['pt-BR, fr;q=0.5', 'fr'],
      ['ES', 'es'],
      ['ja', 'en'],
      [','.repeat(7000), 'en'],
    ] as const)
      t.is(
        languageOf(await get(where, ...accepting(languages))),
        language,
        `${where} ${languages.slice(0, 20)}`,
      );
  t.is(languageOf(await get('/?lang=es', ...accepting('de'))), 'es');
  t.is(languageOf(await get('/?lang=../../etc/passwd', ...accepting('de'))), 'de');
});

test('behind a port forward every redirect of the box stays behind it, whatever the request calls itself', async (t) => {
  const { get } = await ready;
  const forwarded = `https://${hostname}:10443`;
  for (const [from, to] of [
    ['/admin', '/admin/'],
    ['/mail', '/mail/'],
    ['/set-up/', '/set-up'],
  ] as const) {
    const { status, head } = await get(`${forwarded}${from}`);
    t.is(status, 301, from);
    const location = /^location: (.*?)\r?$/im.exec(head)?.[1] ?? '';
    t.is(new URL(location, `${forwarded}${from}`).href, `${forwarded}${to}`);
    const strange = await get(from, '-H', 'Host: evil.example:8443');
    t.notRegex(strange.head, /evil\.example|location: .*:\/\//i, from);
  }
});

test('a browser behind a port forward goes from the front door to the panel and the webmail', async (t) => {
  const { person } = await ready;
  const { page } = person;
  for (const [where, heading] of [
    ['admin', /Log in/],
    ['mail', /Login/i],
  ] as const) {
    await page.goto(`https://${hostname}:10443/${where}`, { waitUntil: 'networkidle0' });
    t.is(new URL(page.url()).host, `${hostname}:10443`, where);
    t.regex(await page.content(), heading, where);
  }
});

test('axe finds nothing serious on the front door, the set-up and a plain page; each fits a phone; the keyboard opens a door', async (t) => {
  const { browser } = await ready;
  const person = new PanelPerson(await browser.page());
  const { page } = person;
  for (const language of ['en', 'de', 'fr', 'es'])
    for (const [name, where] of [
      ['front-door', '/'],
      ['set-up', '/set-up'],
    ] as const) {
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(`https://${hostname}${where}?lang=${language}`);
      t.is(await page.evaluate('document.documentElement.lang'), language);
      for (const scheme of ['light', 'dark'] as const) {
        await person.colours(scheme);
        t.deepEqual(await person.barriers(), [], `${name} ${language} ${scheme}`);
        if (language === 'en') await person.picture(`${name}-${scheme}`);
      }
      await page.setViewport({ width: 360, height: 780 });
      const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      t.true(Number(excess) <= 0, `${name} ${language} is ${excess} pixels wider than a phone`);
      await person.picture(`${name}-${language}-phone`);
    }
  await page.goto(`https://${hostname}/`);
  await page.keyboard.press('Tab');
  t.is(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'solid');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  t.is(new URL(page.url()).pathname, '/mail/');
  await page.close();
});

test('what the set-up page says holds: each port answers at that name, and speaks as it says', async (t) => {
  const { box, get } = await ready;
  const { body } = await get('/set-up');
  t.true(body.includes(`<code>${hostname}</code>`));
  const rows = [...body.matchAll(/<td>(\d+)<\/td><td>([^<]*)<\/td>/g)].map(
    ([, port = '', how = '']) => [port, how] as const,
  );
  t.true(rows.length >= 4);
  const starts: Readonly<Record<string, string>> = { 587: 'smtp', 4190: 'sieve' };
  for (const [port, how] of rows) {
    const start = starts[port];
    t.is(how, start === undefined ? 'SSL/TLS' : 'STARTTLS', port);
    const argv = [
      ...['openssl', 's_client', '-connect', `${box.host}:${port}`, '-brief'],
      ...(start === undefined ? [] : ['-starttls', start]),
    ];
    const { stderr } = await outcome([...box.prefix, ...argv], { input: '', seconds: 40 });
    t.regex(stderr, /Protocol version: TLSv1/, port);
  }
});

test('the owner’s page takes the place of the front door, at once and for as long as it is there; the set-up stays', async (t) => {
  const { box, get } = await ready;
  const place = '/home/user-data/www/default/index.html';
  await box.run(`echo '<title>Mine</title>' >${place}; chown user-data: ${place}`);
  for (const where of ['/', '/index.html', 'https://example.com/'])
    t.is((await get(where)).body, '<title>Mine</title>\n', where);
  t.regex((await get('/set-up')).body, /<table>/);
  // A link of an uploader's is no page.
  await box.run(`ln -sf /etc/passwd ${place}`);
  for (const where of ['/', 'https://example.com/'])
    t.regex((await get(where)).body, /<html lang="en">/, where);
  await box.run(`rm ${place}`);
  t.regex((await get('/')).body, /href="\/set-up"/);
});

test('a domain without pages says where the way in is, and has no doors of the box’s own name', async (t) => {
  const { get } = await ready;
  const { body } = await get('https://example.com/');
  t.deepEqual(
    linksOf(body).filter((to) => !to.startsWith('?')),
    [`https://${hostname}/`],
  );
  t.is((await get('https://example.com/set-up')).status, 404);
});
