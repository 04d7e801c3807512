/**
 * Program: `find-secrets.ts PATH...` looks into every regular file below the paths, on their file systems only.
 * Standard input holds JSON `{literals: [...]}`: strings that must occur nowhere, such as a password.
 * Prints JSON: [{path, what, mode, digest}]; the digest is of the secret, so that the same one is known elsewhere.
 */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** With a body: the bare words stand in every program that reads keys. */
const patterns: readonly [what: string, pattern: RegExp][] = [
  [
    'private key',
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+(?:[A-Za-z-]+: .*\s+)*[A-Za-z0-9+/=\s]{64,400}/g,
  ],
  ['DNSSEC key', /\b(?:PrivateKey|PrivateExponent): [A-Za-z0-9+/]{40,}={0,2}/g],
  [
    'password hash',
    /\$(?:6\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}|y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\$[./A-Za-z0-9]{43})/g,
  ],
];
const { literals } = JSON.parse(readFileSync(0, 'utf8')) as { literals: string[] };

const chunk = Buffer.alloc(8 * 1024 * 1024);
const zeros = Buffer.alloc(chunk.length);
/** A secret may lie across two chunks. */
const overlap = 8192;

const found = process.argv.slice(2).flatMap((path) => [...walk(path, lstatSync(path).dev)]);
console.log(JSON.stringify(found));

interface Finding {
  readonly path: string;
  readonly what: string;
  readonly mode: string;
  readonly digest: string;
}

function* walk(path: string, device: number): Generator<Finding> {
  // The box goes on meanwhile, and takes its locks away.
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.dev !== device) return;
  if (stat.isDirectory()) {
    for (const name of readdirSync(path)) yield* walk(join(path, name), device);
  } else if (stat.isFile()) {
    const mode = (stat.mode & 0o7777).toString(8);
    for (const [digest, what] of secretsIn(path)) yield { path, what, mode, digest };
  }
}

/** Digest of each secret in the file, and what it is. */
function secretsIn(path: string): Map<string, string> {
  const found = new Map<string, string>();
  const note = (secret: string, what: string) => {
    found.set(createHash('sha256').update(secret.replace(/\s+/g, '\n')).digest('hex'), what);
  };
  const file = openSync(path, 'r');
  try {
    let tail = '';
    for (let position = 0; ; ) {
      const length = readSync(file, chunk, 0, chunk.length, position);
      if (length === 0) return found;
      position += length;
      const bytes = chunk.subarray(0, length);
      const text = bytes.equals(zeros.subarray(0, length)) ? '' : tail + bytes.toString('latin1');
      for (const [what, pattern] of patterns)
        for (const [secret] of text.matchAll(pattern)) note(secret, what);
      for (const literal of literals) if (text.includes(literal)) note(literal, 'a given secret');
      tail = text.slice(-overlap);
    }
  } finally {
    closeSync(file);
  }
}
