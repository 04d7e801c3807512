/**
 * Every word that a daemon is told is one that its version knows. The words are in `directives/`, with the version that brought
 * each and the one that took it away; a word in no row fails, so that whoever writes one looks it up.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '../../../builder/config/load.ts';
import type { Config } from '../../../builder/config/schema.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';
import type { Release } from '../../../releases/release.ts';
import { isAtLeast } from '../../../releases/version.ts';
import { daemons, type Text } from './read-directives.ts';
import { readWords } from './read-words.ts';

const tables = path.resolve('test/unit/releases/directives');

const readTable = (daemon: string) => readWords(path.join(tables, `${daemon}.txt`));

/** What the release's version does not know, and what is in no row. */
function strange(
  daemon: string,
  version: string,
  texts: readonly Text[],
  table = readTable(daemon),
): string[] {
  const read = daemons[daemon]?.read ?? (() => []);
  return texts.flatMap(({ file, text }) =>
    read({ file, text }).flatMap((word) => {
      const row = table.get(word);
      if (row === undefined) return [`${file}: ${word} is in no row of directives/${daemon}.txt`];
      if (row.since === 'own') return [];
      if (!isAtLeast(version, row.since))
        return [`${file}: ${word} came with ${row.since}, this is ${version}`];
      if (row.until !== undefined && isAtLeast(version, row.until))
        return [`${file}: ${word} went with ${row.until}, this is ${version}`];
      return [];
    }),
  );
}

/** Configs that have every role which their release has. */
const configs = ['example.yaml', 'examples/guide.yaml'].map((file) => loadConfig(file).config);

/** Every file of a release, under every TLS policy that it speaks, each text once. */
function planned(name: string): Text[] {
  const release = releases.get(name) as Release;
  const [example] = configs;
  const config = configs.find((one) => one.release === name) ?? { ...(example as Config), release: name };
  const policies = release.tlsVersions.includes('TLSv1.3')
    ? (['guide-2016', 'intermediate', 'modern'] as const)
    : (['guide-2016', 'intermediate'] as const);
  const files = policies.flatMap(
    (policy) => makePlan({ ...config, tls: { ...config.tls, policy } }, release).files,
  );
  const once = new Map(files.map(({ path: file, text }) => [`${file}\n${text}`, { file, text }]));
  return [...once.values()];
}
const plans = new Map([...releases.keys()].map((name) => [name, planned(name)]));

const textsOf = (release: string, daemon: string): Text[] =>
  plans.get(release)?.filter(({ file }) => daemons[daemon]?.files.test(file)) ?? [];

for (const [daemon, { versions }] of Object.entries(daemons))
  for (const { name, versions: known } of releases.values()) {
    const texts = textsOf(name, daemon);
    if (texts.length === 0) continue;
    test(`${name}: ${daemon} knows every word of its configuration`, (t) => {
      const version = versions?.[name] ?? known[daemon as keyof typeof known];
      t.truthy(version, `the version of ${daemon} in ${name}`);
      const words = texts.flatMap((text) => daemons[daemon]?.read(text) ?? []);
      t.true(words.length > 3, 'the reader reads');
      t.deepEqual(strange(daemon, version ?? '0', texts), []);
    });
  }

test('every table is walked, and has no row that nobody uses', (t) => {
  t.deepEqual(
    readdirSync(tables).sort(),
    Object.keys(daemons)
      .map((daemon) => `${daemon}.txt`)
      .sort(),
  );
  for (const [daemon, { read }] of Object.entries(daemons)) {
    const used = new Set(
      [...releases.keys()].flatMap((release) => textsOf(release, daemon)).flatMap((text) => read(text)),
    );
    t.deepEqual(
      [...readTable(daemon).keys()].filter((word) => !used.has(word)),
      [],
      daemon,
    );
  }
});

test('a word that is too new, too old or in no row is found', (t) => {
  const say = (text: string, version: string) =>
    strange('nsd', version, [{ file: '/etc/nsd/nsd.conf', text }]);
  t.deepEqual(say('server:\n\tversion: ""\n', '4.0.1'), [
    '/etc/nsd/nsd.conf: version came with 4.1.7, this is 4.0.1',
  ]);
  t.deepEqual(say('server:\n\tversion: ""\n', '4.6.1'), []);
  t.regex(say('server:\n\tversoin: ""\n', '4.6.1')[0] ?? '', /versoin is in no row/);
  const protocols = [{ file: '/etc/dovecot/dovecot.conf', text: 'ssl_protocols = !SSLv3\n' }];
  t.deepEqual(strange('dovecot', '2.2.9', protocols), []);
  t.regex(strange('dovecot', '2.3.19', protocols)[0] ?? '', /ssl_protocols went with 2\.3/);
});
