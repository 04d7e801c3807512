/** The control panel in German, French and Spanish, all of its pages: no English of the panel's own is left, and each can be used as the English ones can. */
import anyTest from 'ava';
import type { PanelPage } from '../../contract/api.ts';
import { english } from '../../panel/words/english/index.ts';
import { type Language, languages } from '../../panel/words/spoken.ts';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { panelLab, putInUse } from './world/panel-lab.ts';
import { PanelPerson } from './world/panel-person.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-panel-languages'), false).then(async (it) => {
  await putInUse(it.box);
  return it;
});

type Texts = string | { readonly [name: string]: Texts };
const flat = (texts: Texts): string[] =>
  typeof texts === 'string' ? [texts] : Object.values(texts).flatMap(flat);
/** What stands between the holes, where it is long enough to be told from names and numbers. */
const phrases = (texts: Texts) =>
  flat(texts).flatMap((text) =>
    text
      .split(/\{\w+\}/)
      .map((part) => part.trim())
      .filter((part) => /[a-z] [a-z]/i.test(part) && part.length > 8),
  );

/** All that is read, but for what is marked as English. */
const read = `(() => {
  const all = document.body.cloneNode(true);
  for (const told of all.querySelectorAll('[lang=en]')) told.remove();
  return all.textContent;
})()`;

for (const language of ['de', 'fr', 'es'] as const satisfies readonly Language[])
  test(`${language}: every page, the log-in first`, async (t) => {
    const { browser, owner } = await ready;
    const words = await languages[language]();
    const own = new Set(phrases(words as unknown as Texts));
    const foreign = phrases(english as unknown as Texts).filter((phrase) => !own.has(phrase));
    const person = new PanelPerson(await browser.another());
    const { page } = person;
    await page.evaluateOnNewDocument(
      `Object.defineProperty(navigator, 'languages', { get: () => ['${language}', 'en'] })`,
    );
    const look = async (name: string) => {
      t.is(await page.evaluate('document.documentElement.lang'), language, name);
      const said = String(await page.evaluate(read));
      t.deepEqual(
        foreign.filter((phrase) => said.includes(phrase)),
        [],
        `${name} is English in part`,
      );
      await page.setViewport({ width: 1280, height: 900 });
      t.deepEqual(await person.barriers(), [], name);
      const excess = await person.widerThanPhone();
      t.true(excess <= 0, `${name} is ${excess} pixels wider than a phone`);
      await person.picture(`${name}-${language}-phone`);
      await page.setViewport({ width: 1280, height: 900 });
      await person.picture(`${name}-${language}`);
    };
    await page.setViewport({ width: 1280, height: 900 });
    await person.open();
    await person.arrives(words.logIn.title);
    await look('log-in');
    await page.type('[name=email]', owner.email);
    await page.type('[name=password]', owner.password);
    await person.press(words.logIn.action);
    await person.arrives(words.titles['first-steps']);
    for (const [path, title] of Object.entries(words.titles) as [PanelPage, string][]) {
      await person.go(title);
      await person.unfold(/./);
      // Its first look at everything shows no page for as long.
      if (path === 'status')
        await waitFor('what was seen', async () => (await page.$('.checks')) ?? undefined);
      await look(path);
    }
    t.deepEqual(person.complaints, []);
    await page.close();
  });
