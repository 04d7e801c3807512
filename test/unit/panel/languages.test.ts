/** What people read in the panel: in four languages, each whole. */
import test from 'ava';
import type { FirstStepStanding, StatusEntry } from '../../../contract/api.ts';
import { checkTitle } from '../../../panel/words/check-titles.ts';
import { english } from '../../../panel/words/english/index.ts';
import { stepText } from '../../../panel/words/first-steps.ts';
import {
  counted,
  filled,
  type Language,
  language,
  languageOf,
  languages,
  numberOf,
  speak,
  toldIn,
  words,
} from '../../../panel/words/spoken.ts';
import { statusGroups, summary } from '../../../panel/words/status-groups.ts';
import { ago, dayOf, sizeOf } from '../../../panel/words/times.ts';

type Texts = string | { readonly [name: string]: Texts };

/** Each text by its place: `account.size`. */
const flat = (texts: Texts, place = ''): (readonly [string, string])[] =>
  typeof texts === 'string'
    ? [[place, texts]]
    : Object.entries(texts).flatMap(([name, inner]) => flat(inner, place === '' ? name : `${place}.${name}`));
const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
/** A form for one may name it and leave the number out. */
const needed = (name: string, text: string) =>
  holes(text).filter((hole) => !(name.endsWith('.one') && hole === '{n}'));
const ofBox = /^firstSteps\.steps\b/;

const originals = new Map(flat(english as unknown as Texts));

for (const name of Object.keys(languages) as Language[])
  test.serial(
    `${name}: no text is missing, empty or left in English, and each has the same holes`,
    async (t) => {
      const texts = flat((await languages[name]()) as unknown as Texts);
      const places = (all: Iterable<string>) => [...all].filter((place) => !ofBox.test(place)).sort();
      t.deepEqual(places(texts.map(([place]) => place)), places(originals.keys()));
      for (const [place, text] of texts) {
        t.not(text.trim(), '', place);
        if (!ofBox.test(place))
          t.deepEqual(needed(place, text), needed(place, originals.get(place) ?? ''), place);
      }
      if (name === 'en') return;
      // Sentences have a blank; of single words many are everybody's.
      const same = texts.filter(
        ([place, text]) => text === originals.get(place) && /[a-z] [a-z]/i.test(text),
      );
      t.deepEqual(
        same.filter(([, text]) => !/^(DNSSEC|Port|Outlook)/.test(text)),
        [],
      );
    },
  );

test('a browser is answered in the first of its languages that there is', (t) => {
  const cases: [string[], Language][] = [
    [['de-AT', 'en'], 'de'],
    [['FR'], 'fr'],
    [['nl', 'es-MX', 'de'], 'es'],
    [['nl'], 'en'],
    [[], 'en'],
    [['toString'], 'en'],
  ];
  for (const [wanted, found] of cases) t.is(languageOf(wanted), found, wanted.join());
});

test('holes are filled with what is named, and with nothing else', (t) => {
  t.is(filled('{a} of {b}', { a: 1, b: '{a}' }), '1 of {a}');
  t.is(filled('{toString}', {}), '{toString}');
});

test.serial(
  'numbers, sizes, days and how long ago something was are told as the language tells them',
  async (t) => {
    const told = () => [
      numberOf(1234.5),
      sizeOf(1.5 * 1024 ** 2),
      dayOf('2026-11-24T12:00:00Z'),
      ago(0, 5 * 60_000),
      counted(words().log.found, 2),
      counted(words().log.found, 1),
    ];
    const en = ['1,234.5', '1.5 MB', 'Nov 24, 2026', '5 minutes ago', 'Found 2 entries.', 'Found one entry.'];
    t.deepEqual(told(), en);
    t.is(sizeOf(0), '0 kB');
    t.is(sizeOf(250 * 1024 ** 3), '250 GB');
    await speak('de');
    const de = ['1.234,5', '1,5 MB', '24. Nov. 2026', 'vor 5 Minuten', '2 Einträge gefunden.'];
    t.deepEqual(told(), [...de, 'Ein Eintrag gefunden.']);
    await speak('fr');
    t.is(ago(0, 5 * 60_000), 'il y a 5 minutes');
    t.is(counted(words().log.found, 0), '0 entrée trouvée.', 'French counts none as one');
    await speak('en');
  },
);

const entry = (type: StatusEntry['type'], text: string): StatusEntry => ({ type, text, extra: [] });

test.serial(
  'checks have their group, meaning and title in the language of the page; what they found is the box’s',
  async (t) => {
    const shown = [entry('warning', 'DNSSEC of a.example: no DS'), entry('ok', 'imaps, port 993: answers')];
    await speak('es');
    t.is(summary(statusGroups(shown)), '0 errores, 1 advertencia, 1 en orden');
    const [dns, services] = statusGroups(shown);
    t.is(services?.name, 'Servicios');
    t.like(dns?.lines[0]?.facts[0], {
      ...{ title: 'DNSSEC of a.example', name: 'DNSSEC de a.example', found: 'no DS' },
    });
    t.is(checkTitle('imaps, port 993'), 'imaps, puerto 993');
    t.is(checkTitle('postfix'), 'postfix');
    t.is(toldIn(), 'en');
    await speak('en');
    t.is(checkTitle('zone a.example'), 'zone a.example');
    t.is(toldIn(), undefined);
  },
);

const step: FirstStepStanding = {
  ...{ step: 'dnssec', state: 'open', title: 'DS record', why: 'w', found: [], what_to_do: ['enter it'] },
  ...{ waits_for: 'x', page: 'dns' },
};

test.serial(
  'first steps are told in the language of the page; what the box found, and says to do, in English behind it',
  async (t) => {
    t.deepEqual(stepText(step), { title: 'DS record', why: 'w', waitsFor: 'x', told: ['enter it'] });
    await speak('de');
    t.like(stepText(step), { title: 'DS-Eintrag', told: [] });
    t.regex(stepText(step).whatToDo ?? '', /Registrar/);
    t.deepEqual(stepText({ ...step, found: ['DNSSEC of a.example: no DS'] }).told, ['enter it']);
    for (const other of ['de', 'fr', 'es'] as const)
      t.is(typeof (await languages[other]()).firstSteps.steps, 'object', other);
    await speak('en');
  },
);

test.serial('where a language’s file does not come the panel speaks English', async (t) => {
  const isBroken = { ...languages, de: () => Promise.reject(new Error('offline')) };
  await speak('de', isBroken);
  t.is(language(), 'en');
  t.is(words(), english);
});
