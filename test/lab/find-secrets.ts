/**
 * Program: `find-secrets.ts PATH...` looks into every regular file below the paths, on their file systems only.
 * Standard input holds JSON `{literals: [...]}`: strings that must occur nowhere, such as a password.
 * Prints JSON: [{path, what, mode}].
 */
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** With a body: the bare words stand in every program that reads keys. */
const patterns: readonly [what: string, pattern: RegExp][] = [
  ['private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+(?:[A-Za-z-]+: .*\s+)*[A-Za-z0-9+/=\s]{64}/],
  [
    'password hash',
    /\$(?:6\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}|y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{43})/,
  ],
];
const { literals } = JSON.parse(readFileSync(0, 'utf8')) as { literals: string[] };

const chunk = Buffer.alloc(8 * 1024 * 1024);
const zeros = Buffer.alloc(chunk.length);
/** A secret may lie across two chunks. */
const overlap = 8192;

const found = process.argv.slice(2).flatMap((path) => [...walk(path, lstatSync(path).dev)]);
console.log(JSON.stringify(found));

function* walk(path: string, device: number): Generator<{ path: string; what: string; mode: string }> {
  const stat = lstatSync(path);
  if (stat.dev !== device) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(path)) yield* walk(join(path, name), device);
  } else if (stat.isFile()) {
    for (const what of secretsIn(path)) yield { path, what, mode: (stat.mode & 0o7777).toString(8) };
  }
}

function secretsIn(path: string): Set<string> {
  const what = new Set<string>();
  const file = openSync(path, 'r');
  try {
    let tail = '';
    for (let position = 0; ; ) {
      const length = readSync(file, chunk, 0, chunk.length, position);
      if (length === 0) return what;
      position += length;
      const bytes = chunk.subarray(0, length);
      const text = bytes.equals(zeros.subarray(0, length)) ? '' : tail + bytes.toString('latin1');
      for (const [name, pattern] of patterns) if (pattern.test(text)) what.add(name);
      for (const literal of literals) if (text.includes(literal)) what.add('a given secret');
      tail = text.slice(-overlap);
    }
  } finally {
    closeSync(file);
  }
}
