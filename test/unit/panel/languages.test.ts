/** What people who are no administrators read: in four languages, each whole. */
import test from 'ava';
import type { OwnWords } from '../../../panel/words/own-words.ts';
import { filled, type Language, languageOf, languages, sizeOf, speak } from '../../../panel/words/spoken.ts';

const flat = (words: OwnWords) =>
  Object.entries(words).flatMap(([part, texts]) =>
    Object.entries(texts as Record<string, string>).map(([name, text]) => [`${part}.${name}`, text] as const),
  );
const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
const english = new Map(flat(languages.en));

for (const [language, words] of Object.entries(languages))
  test(`${language}: no text is missing, empty or left in English, and each has the same holes`, (t) => {
    const texts = flat(words);
    t.deepEqual(texts.map(([name]) => name).sort(), [...english.keys()].sort());
    for (const [name, text] of texts) {
      t.not(text.trim(), '', name);
      t.deepEqual(holes(text), holes(english.get(name) ?? ''), name);
    }
    if (language === 'en') return;
    const same = texts.filter(([name, text]) => text === english.get(name)).map(([, text]) => text);
    t.deepEqual(
      same.filter((text) => !/^(Menu|Pages|Passkeys?|secret)$/.test(text)),
      [],
    );
  });

test('a browser is answered in the first of its languages that there is', (t) => {
  const cases: [string[], Language][] = [
    [['de-AT', 'en'], 'de'],
    [['FR'], 'fr'],
    [['nl', 'es-MX', 'de'], 'es'],
    [['nl'], 'en'],
    [[], 'en'],
    [['toString'], 'en'],
  ];
  for (const [wanted, language] of cases) t.is(languageOf(wanted), language, wanted.join());
});

test('holes are filled with what is named, and with nothing else', (t) => {
  t.is(filled('{a} of {b}', { a: 1, b: '{a}' }), '1 of {a}');
  t.is(filled('{toString}', {}), '{toString}');
});

test('sizes are told as the language writes numbers', (t) => {
  t.is(sizeOf(1.5 * 1024 ** 2), '1.5 MB');
  speak('de');
  t.is(sizeOf(1.5 * 1024 ** 2), '1,5 MB');
  speak('en');
  t.is(sizeOf(0), '0 kB');
  t.is(sizeOf(250 * 1024 ** 3), '250 GB');
});
