/** The key that a config names: what is wrong with it is told before a bake, with place, rule and remedy, and never shown. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { askNewPassword, makeKeyPair } from '../../../../builder/commands/make-key.ts';
import {
  askPassword,
  givenPassword,
  passwordVariable,
  signerOf,
} from '../../../../builder/commands/signer.ts';
import { type Loaded, parseConfig } from '../../../../builder/config/load.ts';
import { ConfigError } from '../../../../builder/config/problem.ts';
import type { Limits } from '../../../../builder/trust/scrypt.ts';

const small: Limits = { operations: 2n ** 17n, memory: 2n ** 22n };

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'letterbox-signer-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

/** A config in the folder that names that key. */
function naming(place: string, key: string): Loaded {
  const text = `name: example
release: debian-13
box:
  hostname: box.example.com
  admin:
    email: me@example.com
  sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000']
image:
  signingKey: ${key}
`;
  return parseConfig(text, path.join(place, 'box.yaml'));
}

async function refusal(t: ExecutionContext, loaded: Loaded, password = 'wrong'): Promise<string> {
  const error = await t.throwsAsync(
    signerOf(loaded, async () => password),
    { instanceOf: ConfigError },
  );
  return error?.message ?? '';
}

test('a key is opened, by its path from where the config lies; without a password none is asked for', async (t) => {
  const place = folder(t);
  const ask = async () => 'right';
  await makeKeyPair(path.join(place, 'locked.key'), ask, small);
  await makeKeyPair(path.join(place, 'open.key'), async () => undefined);
  const locked = await signerOf(naming(place, 'locked.key'), ask);
  t.is(locked?.seed.length, 32);
  const open = await signerOf(naming(place, path.join(place, 'open.key')), async () => t.fail() as never);
  t.is(open?.seed.length, 32);
  const { config, source } = naming(place, 'open.key');
  t.is(
    await signerOf({ config: { ...config, image: { ...config.image, signingKey: undefined } }, source }),
    undefined,
  );
});

test('a wrong password, a damaged key, one that others may read, a missing one, a public one', async (t) => {
  const place = folder(t);
  const at = (name: string) => path.join(place, name);
  const box = at('box.yaml');
  await makeKeyPair(at('locked.key'), async () => 'right', small);
  const { secretFile } = await makeKeyPair(at('open.key'), async () => undefined);
  t.is(
    await refusal(t, naming(place, 'locked.key')),
    `${box}:9:15: image.signingKey: is not opened by this password; give the right one; or the file is damaged`,
  );

  const text = readFileSync(secretFile, 'utf8');
  const damaged = (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(text.split('\n')[1] ?? '', 'base64');
    change(bytes);
    writeFileSync(at('damaged.key'), `untrusted comment: x\n${bytes.toString('base64')}\n`, { mode: 0o600 });
    return refusal(t, naming(place, 'damaged.key'));
  };
  t.regex(
    await damaged((bytes) => bytes.writeUInt8((bytes[70] ?? 0) ^ 1, 70)),
    /9:15: .*: is a damaged secret key; /,
  );
  t.regex(await damaged((bytes) => bytes.write('Xx', 0)), /is a key of another kind/);
  t.regex(await damaged((bytes) => bytes.write('Xx', 2)), /is locked in a way that minisign does not know/);
  t.regex(
    await damaged((bytes) => {
      bytes.write('Sc', 2);
      bytes.fill(0xff, 38, 54);
    }),
    /wants more memory or time for its password than minisign ever asks for/,
  );
  for (const [content, rule] of [
    ['', /is no secret key in minisign's form/],
    [text.slice(0, -9), /is a damaged secret key/],
    [`${text}more\n`, /is no secret key/],
  ] as const) {
    writeFileSync(at('cut.key'), content, { mode: 0o600 });
    t.regex(await refusal(t, naming(place, 'cut.key')), rule);
  }

  chmodSync(secretFile, 0o640);
  t.is(
    await refusal(t, naming(place, 'open.key')),
    `${box}:9:15: image.signingKey: is a file that others may read (mode 0640), ${secretFile}; make it yours alone: chmod 600 ${secretFile}`,
  );
  t.regex(
    await refusal(t, naming(place, 'none.key')),
    /names a file that there is not, .*; .*letterbox key /,
  );
  chmodSync(at('open.pub'), 0o600);
  t.regex(await refusal(t, naming(place, 'open.pub')), /is a public key; name the secret one/);
  mkdirSync(at('keys'), { mode: 0o700 });
  t.regex(await refusal(t, naming(place, 'keys')), /can't be read \(EISDIR\), .*keys; name the file/);
});

test('the key itself in the config is refused, and not shown', (t) => {
  const key = 'RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  const { message = '' } = t.throws(() => naming('.', key), { instanceOf: ConfigError }) ?? {};
  t.regex(message, /image\.signingKey: must be the path of a key file, and never the key itself/);
  t.false(message.includes(key));
});

test('a pair is made once: the secret file is its owner’s alone, and neither is written over', async (t) => {
  const place = folder(t);
  const file = path.join(place, 'letterbox.key');
  const { publicFile } = await makeKeyPair(file, async () => undefined);
  t.is(publicFile, path.join(place, 'letterbox.pub'));
  t.is(statSync(file).mode & 0o777, 0o600);
  const before = readFileSync(file, 'utf8');
  const again = () => makeKeyPair(file, async () => t.fail('a password was asked for') as never);
  await t.throwsAsync(again, { message: /letterbox\.key: is there already/ });
  rmSync(file);
  await t.throwsAsync(again, { message: /letterbox\.pub: is there already/ });
  t.false(existsSync(file));
  t.not(before, '');
});

test.serial('a password comes from the environment, and stays there for no other program', async (t) => {
  t.teardown(() => delete process.env[passwordVariable]);
  process.env[passwordVariable] = 'from there';
  t.is(await askPassword('x.key'), 'from there');
  t.is(givenPassword(), undefined);
  // The tests have no terminal.
  await t.throwsAsync(askPassword('x.key'), {
    message: /no terminal .*x\.key; give it in LETTERBOX_KEY_PASSWORD/,
  });
  await t.throwsAsync(askNewPassword(), {
    message: /no terminal .*LETTERBOX_KEY_PASSWORD, or --without-password/,
  });
  process.env[passwordVariable] = '';
  await t.throwsAsync(askNewPassword(), { message: /1 to 1023 bytes/ });
});
