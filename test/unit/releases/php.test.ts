/** PHP that the release's version reads: one source for all, so the oldest says what may be written. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '../../../builder/config/load.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';
import type { Release } from '../../../releases/release.ts';
import { isAtLeast } from '../../../releases/version.ts';

/** What came when: what an older one can't parse, does not know, or takes for something else without a word. */
const newer: readonly { since: string; what: string; shape: RegExp }[] = [
  { since: '5.6', what: 'a constant that is a list', shape: /\bconst \w+ = \[/ },
  { since: '5.6', what: 'a list spread into arguments', shape: /[[(,]\s*\.\.\.\s*[$[]/ },
  { since: '5.6', what: 'ARRAY_FILTER_USE_KEY and _BOTH', shape: /\bARRAY_FILTER_/ },
  {
    since: '5.6',
    what: 'functions of 5.6',
    shape: /\b(?:hash_equals|openssl_x509_fingerprint|ldap_escape)\s*\(/,
  },
  { since: '7.0', what: '??', shape: /\?\?/ },
  { since: '7.0', what: '<=>', shape: /<=>/ },
  { since: '7.0', what: '\\u{...}', shape: /"[^"\n]*\\u\{/ },
  {
    since: '7.0',
    what: 'types of parameters',
    shape: /function\s*\w*\([^)]*\b(?:int|string|bool|float)\s+\$/,
  },
  { since: '7.0', what: 'types of answers', shape: /\)\s*:\s*\??\w+\s*\{/ },
  { since: '7.0', what: 'functions of 7.0', shape: /(?<![:>\w])(?:random_bytes|random_int|intdiv)\s*\(/ },
  { since: '7.0', what: 'array_column of objects', shape: /array_column\(\$this->/ },
  { since: '7.1', what: 'a constant that is private', shape: /\b(?:private|public|protected) const\b/ },
  {
    since: '7.1',
    what: 'brackets for list()',
    shape: /(?:^|[;{}]|\bas(?: \$\w+ =>)?)\s*\[[^\]\n]*\]\s*(?:=[^=>]|\))/m,
  },
  { since: '7.2', what: 'JSON_INVALID_UTF8_...', shape: /\bJSON_INVALID_UTF8_/ },
  { since: '7.3', what: 'cookies with a list of options', shape: /\bset(?:raw)?cookie\([^)]*\[/ },
  { since: '7.4', what: 'arrow functions', shape: /\bfn\s*\(/ },
  { since: '8.0', what: 'functions of 8.0', shape: /\bstr_(?:contains|starts_with|ends_with)\s*\(/ },
];

/** Without comments; what is in quotes stays. */
const bare = (text: string) =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{])(?:\/\/|#).*$/gm, '$1');

const strange = (text: string, version: string) =>
  newer
    .filter(({ since, shape }) => !isAtLeast(version, since) && shape.test(bare(text)))
    .map(({ what }) => what);

for (const config of ['example.yaml', 'examples/guide.yaml'].map((file) => loadConfig(file).config)) {
  const release = releases.get(config.release) as Release;
  test(`${release.name}: PHP ${release.versions.php} reads all PHP of the plan`, (t) => {
    const files = makePlan(config, release).files.filter(({ text }) => text.startsWith('<?php'));
    t.true(files.length > 2);
    for (const { path, text } of files) t.deepEqual(strange(text, release.versions.php), [], path);
  });
}

test('the plug-in of contacts, which a release with a groupware of its own takes as it is, is written for the oldest', (t) => {
  const folder = 'overlays/contacts/common/var/lib/roundcube/plugins/box_contacts';
  for (const file of readdirSync(folder))
    t.deepEqual(strange(readFileSync(path.join(folder, file), 'utf8'), '5.5.9'), [], file);
});

test('what is too new is found', (t) => {
  const found = (text: string) => strange(text, '5.5.9');
  t.deepEqual(found('[$a, $b] = f();'), ['brackets for list()']);
  t.deepEqual(found('foreach ($all as [$a, $b]) {'), ['brackets for list()']);
  t.deepEqual(found('foreach ($all as $name => [$a]) {'), ['brackets for list()']);
  t.deepEqual(found('    private const A = [1];'), [
    'a constant that is a list',
    'a constant that is private',
  ]);
  t.deepEqual(found("$x = $y['a'] ?? 'b';"), ['??']);
  t.deepEqual(found('f(...$all); return [$name, ...$found];'), ['a list spread into arguments']);
  t.deepEqual(found('$a = "\\u{FF20}";'), ['\\u{...}']);
  t.deepEqual(found('list($a, $b) = f(); $c = [1]; $x[$i] = 2; rcube_utils::random_bytes(2); // ??'), []);
});
