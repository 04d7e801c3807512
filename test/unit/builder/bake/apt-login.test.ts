/** The log-in for an archive that is sold: how it is found on the build host, and what apt in the bake is given. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { AptLoginError, aptLoginFor, findLogin, netrc } from '../../../../builder/bake/apt-login.ts';

const uri = 'https://esm.example.net/ubuntu';
const me = { login: 'bearer', password: 'hunter2' };
const entry = (machine: string) => `machine ${machine} login bearer password hunter2\n`;

test('an entry is for a host, or for what lies below a path of it', (t) => {
  for (const machine of [
    'esm.example.net',
    'esm.example.net/ubuntu',
    'esm.example.net/ubuntu/',
    'https://esm.example.net/ubuntu/',
    'esm.example.net/ub',
  ])
    t.deepEqual(findLogin(entry(machine), uri), me, machine);
  for (const machine of [
    'example.net',
    'esm.example.net.evil.example',
    'esm.example.net/debian',
    'esm.example.net/ubuntu/pool/',
    'esm.example.net:8443',
    'http://esm.example.net',
  ])
    t.is(findLogin(entry(machine), uri), undefined, machine);
});

test('a port counts where one is named, and a password goes in clear only where that is said', (t) => {
  const other = 'https://esm.example.net:8443/ubuntu/';
  t.deepEqual(findLogin(entry('esm.example.net:8443/ubuntu'), other), me);
  t.deepEqual(findLogin(entry('esm.example.net'), other), me);
  const inClear = 'http://esm.example.net/ubuntu';
  t.is(findLogin(entry('esm.example.net'), inClear), undefined);
  t.deepEqual(findLogin(entry('http://esm.example.net'), inClear), me);
});

test('the first entry counts, on one line or on several, whatever its words look like', (t) => {
  const text = `# of this host
machine other.example login someone password else
machine esm.example.net
  password login
  login machine # ubuntu-advantage-tools
${entry('esm.example.net')}`;
  t.deepEqual(findLogin(text, uri), { login: 'machine', password: 'login' });
  t.is(findLogin('login bearer password hunter2', uri), undefined);
  t.is(findLogin('machine esm.example.net login bearer', uri), undefined);
});

test('apt in the bake is told the path, so that another archive of that host is not told the password', (t) => {
  t.is(netrc('https://esm.example.net:8443/ubuntu/', me), entry('esm.example.net/ubuntu/'));
  t.is(netrc('https://esm.example.net', me), entry('esm.example.net/'));
});

test.serial("the log-in is the one that this machine's apt has, in either of its places", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-apt-login-'));
  const before = process.env.APT_CONFIG;
  t.teardown(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env.APT_CONFIG;
    else process.env.APT_CONFIG = before;
  });
  const [file, parts] = [path.join(folder, 'auth.conf'), path.join(folder, 'auth.conf.d')];
  mkdirSync(parts);
  writeFileSync(
    path.join(folder, 'apt.conf'),
    `Dir::Etc::netrc "${file}";\nDir::Etc::netrcparts "${parts}/";\n`,
  );
  process.env.APT_CONFIG = path.join(folder, 'apt.conf');
  t.is(await aptLoginFor(uri), '# no log-in\n');
  writeFileSync(path.join(parts, '90other.conf'), entry('other.example'));
  writeFileSync(path.join(parts, '90esm.conf'), entry('esm.example.net'));
  writeFileSync(path.join(parts, '10esm.conf.old'), 'machine esm.example.net login old password old\n');
  t.is(await aptLoginFor(uri), entry('esm.example.net/ubuntu/'));
  writeFileSync(file, 'machine esm.example.net login me password mine\n');
  t.is(await aptLoginFor(uri), 'machine esm.example.net/ubuntu/ login me password mine\n');
  rmSync(file);
  mkdirSync(file);
  chmodSync(file, 0);
  const error = await t.throwsAsync(aptLoginFor(uri), { instanceOf: AptLoginError });
  t.regex(error?.message ?? '', /auth\.conf can't be read .*image\.esmMirror/);
});
