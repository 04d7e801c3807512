/** Every PHP file of a release is one that its PHP can read, and says nothing that its PHP does not know. */
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '../../../builder/config/load.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';
import { isAtLeast } from '../../../releases/version.ts';
import { readPhp } from './php/walk.ts';
import { readWords } from './read-words.ts';

/** Each has every role of its release. */
const configs = ['example.yaml', 'examples/guide.yaml'].map((file) => loadConfig(file).config);

const words = readWords(path.resolve('test/unit/releases/php/words.txt'));

/** What in a text is too new for a version, in words. */
function tooNew(file: string, text: string, version: string): string[] {
  try {
    return readPhp(file, text, version, words)
      .filter(({ since }) => !isAtLeast(version, since))
      .map(({ line, what, since }) => `${file}:${line}: ${what} came with ${since}, this is ${version}`);
  } catch (error) {
    return [`${file}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Settings of php.ini and of FPM: `name = value`, also in brackets (`php_admin_value[name] = value`). */
function tooNewSettings(file: string, text: string, version: string): string[] {
  return [...text.matchAll(/^\s*(?:php\w+\[([\w.]+)\]|([\w.]+))\s*=/gm)].flatMap(([, inBrackets, plain]) => {
    const name = inBrackets ?? plain ?? '';
    const since = words.get(name)?.since;
    return since === undefined || isAtLeast(version, since)
      ? []
      : [`${file}: ${name} came with ${since}, this is ${version}`];
  });
}

for (const config of configs) {
  const name = config.release;
  const release = releases.get(name);
  if (release === undefined) throw new Error(name);
  const version = release.versions.php;
  const files = makePlan(config, release).files;
  test(`${name}: PHP ${version} knows every word of every PHP file`, (t) => {
    const sources = files.filter(
      ({ path: file, text }) => /\.(php|inc)$/.test(file) || text.startsWith('<?php'),
    );
    t.deepEqual(
      sources.flatMap(({ path: file, text }) => tooNew(file, text, version)),
      [],
    );
  });
  test(`${name}: PHP ${version} knows every setting of PHP and of FPM`, (t) => {
    const settings = files.filter(({ path: file }) => /fpm[^/]*\.conf$|\/php[^/]*\.ini$/.test(file));
    t.deepEqual(
      settings.flatMap(({ path: file, text }) => tooNewSettings(file, text, version)),
      [],
    );
  });
}

const newer: readonly string[] = [
  '$a = $b ?? 1;',
  '[$a, $b] = f();',
  'foreach ($a as [$b, $c]) {}',
  "list('a' => $b) = f();",
  'class A { private const B = 1; }',
  'class A { const B = [1]; }',
  'class A { const B = C . "d"; }',
  'class A { public $b = 1 + 2; }',
  'class A { public int $b; }',
  'class A { function list() {} }',
  'function f(...$a) {}',
  'f(...$a);',
  'new A(...$b);',
  'function f(int $a) {}',
  'function f(?A $a) {}',
  'function f(): A {}',
  'function f($a = 1 + 2) {}',
  'function f() { $a = yield $b; }',
  'function f() { yield 1; return 2; }',
  'function f() { yield from g(); }',
  '$f = fn($a) => 1;',
  'new class {};',
  '$a ** 2;',
  '$a **= 2;',
  '$a <=> $b;',
  '$a ??= 1;',
  '$a?->b;',
  'f()();',
  '($a ?: $b)->c();',
  '(function () {})();',
  '(clone $a)->b();',
  '$this->a::B;',
  '$a::class;',
  'A::list();',
  'use function a\\b;',
  'use A\\{B, C};',
  'declare(strict_types=1);',
  'try { f(); } catch (A | B $e) {}',
  'try { f(); } catch (Throwable $e) {}',
  'try { f(); } catch (\\Error $e) {}',
  'f("\\u{1F600}");',
  '"$a[-1]";',
  '1_000;',
  'f(a: 1);',
  'f(1, 2,);',
  '[...$a];',
  'match (1) { 1 => 2 };',
  '$a = <<<X\n  a\n  X;\n',
  'hash_equals($a, $b);',
  '\\intdiv(1, 2);',
  'random_bytes(2);',
  'str_contains($a, $b);',
  'dirname($a, 2);',
  "unserialize($a, ['allowed_classes' => false]);",
  "setcookie('a', 'b', ['samesite' => 'Lax']);",
  'json_encode($a, JSON_THROW_ON_ERROR);',
  'array_filter($a, $b, ARRAY_FILTER_USE_BOTH);',
  'throw new TypeError();',
  "f(['ssl' => ['peer_fingerprint' => $a]]);",
  "ini_set('session.cookie_samesite', 'Lax');",
];

const old: readonly string[] = [
  '$a = isset($b) ? $b : 1;',
  'list($a, , list($b)) = f();',
  'foreach ($a as list($b, $c)) {}',
  "class A { const B = 1; const C = self::B; public $d = [1, 'e' => [A::B, -1]]; static $f = array(); }",
  'class A { function f(array $a, B $b = null, callable $c = null, $d = __LINE__) { return static::g($a)[0]; } }',
  'function f() { $a = yield; $b = (yield 1); yield 2 => 3; return; }',
  'try { f(); } catch (A $e) { g(); } finally { h(); }',
  'try { f(); } catch (Exception $e) {} catch (Throwable $e) {}',
  "if (function_exists('hash_equals')) { return hash_equals($a, $b); }",
  '$f = function ($a) use (&$b) { return (new A)->b($a)["c"]; }; $f(1); $a[0](1); $a->b(1)->c(); A::$b(); A::b();',
  '"{$a->b(1)} $c[d] $e[1] $f->g"; "abc"[0]; A::class; [1, 2][0];',
  '$a instanceof Throwable;',
  "dirname($a); unserialize($a); setcookie('a', 'b', 0); \\A\\hash_equals(); f('peer_fingerprint'); f(['verify_peer_name' => false]);",
  "$a = <<<X\na $b\nX;\n$c = <<<'X'\na\nX;\n",
  'function g() { foreach (f() as $a => &$b) { switch ($a) { case 1: break; default: continue 2; } } }',
];

for (const code of newer)
  test(`too new for PHP 5.5.9: ${code.trim()}`, (t) =>
    t.not(tooNew('a.php', `<?php\n${code}`, '5.5.9').length, 0));
for (const code of old)
  test(`as old as PHP 5.5.9: ${code.trim()}`, (t) =>
    t.deepEqual(tooNew('a.php', `<?php\n${code}`, '5.5.9'), []));

test('a setting that is too new is found, with or without brackets', (t) => {
  const text = '[www]\nclear_env = no\nphp_admin_value[session.cookie_samesite] = Lax\nuser = a\n';
  t.is(tooNewSettings('fpm.conf', text, '5.5.9').length, 2);
  t.deepEqual(tooNewSettings('fpm.conf', text, '8.2.7'), []);
});
