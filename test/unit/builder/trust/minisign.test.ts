/** Keys and signatures beside Debian's minisign: each reads what the other one wrote. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeKeyPair } from '../../../../builder/commands/make-key.ts';
import { run } from '../../../../builder/host/run.ts';
import { readKeyFile } from '../../../../builder/trust/key-file.ts';
import { costsOf, type Limits, usualLimits } from '../../../../builder/trust/scrypt.ts';
import { openSecretKey } from '../../../../builder/trust/secret-key.ts';
import { signatureText } from '../../../../builder/trust/sign.ts';
import { parsePublicKey } from '../../../../contract/trust/public-key.ts';
import { checkSignature } from '../../../../contract/trust/signature.ts';

/** 4 MiB: a test need not wait for more. */
const small: Limits = { operations: 2n ** 17n, memory: 2n ** 22n };
const password = 'correct horse, käse';
const comment = 'image:example\trelease:debian-13\tletterbox:0.1.0';
const content = 'bf34da5fa481  example.qcow2\n';

interface Place {
  readonly file: (name: string) => string;
  /** Their minisign, with the password where one is asked for. */
  readonly minisign: (...args: string[]) => Promise<string>;
}

function place(t: ExecutionContext): Place {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-minisign-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('SHA256SUMS'), content);
  const input = `${password}\n${password}\n`;
  return { file, minisign: (...args) => run(['minisign', ...args], { cwd: folder, input }) };
}

for (const [how, given] of [
  ['with a password', password],
  ['without one', undefined],
] as const) {
  test(`a key of letterbox ${how}: minisign signs with it, and letterbox takes that`, async (t) => {
    const { file, minisign } = place(t);
    await makeKeyPair(file('own.key'), async () => given, small);
    await minisign('-S', '-s', 'own.key', '-m', 'SHA256SUMS', '-t', comment);
    const key = parsePublicKey(readFileSync(file('own.pub'), 'utf8'));
    t.is(checkSignature(readFileSync(file('SHA256SUMS.minisig'), 'utf8'), content, key), comment);
  });

  test(`a key of letterbox ${how}: letterbox signs with it, and minisign takes that`, async (t) => {
    const { file, minisign } = place(t);
    const { line } = await makeKeyPair(file('own.key'), async () => given, small);
    const key = await openSecretKey(readKeyFile(file('own.key')), given);
    writeFileSync(file('SHA256SUMS.minisig'), signatureText(content, comment, key));
    for (const whose of [
      ['-p', 'own.pub'],
      ['-P', line],
    ]) {
      const said = await minisign('-V', ...whose, '-m', 'SHA256SUMS');
      t.true(said.includes('Signature and comment signature verified'), said);
      t.true(said.includes(comment), said);
    }
  });

  test(`a key of minisign ${how}: letterbox signs as minisign does, to the byte of the signature`, async (t) => {
    const { file, minisign } = place(t);
    const flags = given === undefined ? ['-W'] : [];
    const input = `${password}\n${password}\n`;
    // With little memory it takes less for the password, and says so in the file.
    await run(
      ['prlimit', '--as=100000000', 'minisign', '-G', ...flags, '-p', file('own.pub'), '-s', file('own.key')],
      { input },
    );
    await minisign('-S', '-s', 'own.key', '-m', 'SHA256SUMS', '-t', comment);
    const theirs = readFileSync(file('SHA256SUMS.minisig'), 'utf8');
    const key = await openSecretKey(readKeyFile(file('own.key')), given);
    t.deepEqual(signatureText(content, comment, key).split('\n').slice(1), theirs.split('\n').slice(1));
    t.is(checkSignature(theirs, content, parsePublicKey(readFileSync(file('own.pub'), 'utf8'))), comment);
  });
}

test('what minisign refuses, letterbox refuses: another content, comment or key, and the old kind', async (t) => {
  const { file, minisign } = place(t);
  await makeKeyPair(file('own.key'), async () => undefined);
  await makeKeyPair(file('other.key'), async () => undefined);
  const key = await openSecretKey(readKeyFile(file('own.key')));
  const other = await openSecretKey(readKeyFile(file('other.key')));
  const right = signatureText(content, comment, key);
  const cases: readonly (readonly [signature: string, content: string, rule: RegExp])[] = [
    [right, `${content} `, /^does not fit what was signed/],
    [right.replace('image:example', 'image:another'), content, /^has a trusted comment that was changed/],
    [signatureText(content, comment, other), content, /^is by the key [0-9A-F]{16}, and the one named is/],
    [signatureText(content, comment, { ...other, id: key.id }), content, /^does not fit what was signed/],
    [right.slice(0, -20), content, /^is a damaged signature/],
    [right.replace('untrusted', 'trusty'), content, /^is no signature in minisign's form/],
  ];
  for (const [signature, signed, rule] of cases) {
    t.throws(() => checkSignature(signature, signed, key), { message: rule });
    writeFileSync(file('SHA256SUMS'), signed);
    writeFileSync(file('SHA256SUMS.minisig'), signature);
    await t.throwsAsync(minisign('-V', '-p', 'own.pub', '-m', 'SHA256SUMS'), undefined, signature);
  }
  writeFileSync(file('SHA256SUMS'), content);
  await minisign('-S', '-l', '-s', 'own.key', '-m', 'SHA256SUMS', '-t', comment);
  t.throws(() => checkSignature(readFileSync(file('SHA256SUMS.minisig'), 'utf8'), content, key), {
    message: /^is of minisign's old kind/,
  });
});

test('what limits cost is what libsodium makes of them', (t) => {
  // minisign's own (SENSITIVE), what it falls back to, libsodium's INTERACTIVE, and bounds by either limit.
  t.deepEqual(costsOf({ operations: 33_554_432n, memory: 1_073_741_824n }), { N: 2 ** 20, r: 8, p: 1 });
  t.deepEqual(costsOf({ operations: 4_194_304n, memory: 134_217_728n }), { N: 2 ** 17, r: 8, p: 1 });
  t.deepEqual(costsOf({ operations: 524_288n, memory: 16_777_216n }), { N: 2 ** 14, r: 8, p: 1 });
  t.deepEqual(costsOf({ operations: 33_554_432n, memory: 16_777_216n }), { N: 2 ** 14, r: 8, p: 64 });
  t.deepEqual(costsOf({ operations: 524_288n, memory: 1_073_741_824n }), { N: 2 ** 14, r: 8, p: 1 });
  t.deepEqual(costsOf(usualLimits), { N: 2 ** 18, r: 8, p: 1 });
});
