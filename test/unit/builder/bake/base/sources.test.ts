import test from 'ava';
import {
  connectionSettings,
  fromBuildHost,
  fromMirror,
  indexTargetsFormat,
  SourceError,
  sourcesList,
} from '../../../../../builder/bake/base/sources.ts';
import type { BootstrapBase } from '../../../../../releases/release.ts';

const base: BootstrapBase = {
  kind: 'bootstrap',
  origin: 'Debian',
  suites: [{ suite: 'sid' }, { suite: 'sid-updates' }, { suite: 'sid-security', archive: 'debian-security' }],
  components: ['main'],
  keyring: '/usr/share/keyrings/archive.gpg',
};
const main = 'http://mirror.example/debian';
const security = 'http://mirror.example/debian-security';
const target = (
  codename: string,
  suite: string,
  uri: string,
  { origin = 'Debian', component = 'main' } = {},
) => ['Packages', origin, component, codename, suite, uri].join('\t');
const noList = () => {
  throw new Error('no mirror list is read');
};

test('a mirror serves every suite, and the security archive lies beside the main one', (t) => {
  const expected = [
    { suite: 'sid', uri: main },
    { suite: 'sid-updates', uri: main },
    { suite: 'sid-security', uri: security },
  ];
  t.deepEqual(fromMirror(base, main), expected);
  t.deepEqual(fromMirror(base, `${main}//`), expected);
});

test('the build host’s own sources are matched by origin, component and code name', (t) => {
  const lines = [
    target('sid', 'unstable', 'http://other.example/debian/', { origin: 'Other' }),
    target('sid', 'unstable', 'http://contrib.example/debian/', { component: 'contrib' }),
    target('sid', 'unstable', 'cdrom:[disc]/'),
    target('sid', 'unstable', `${main}/`),
    target('sid', 'unstable', 'http://second.example/debian/'),
    target('sid-updates', 'unstable-updates', 'http://updates.example/debian/'),
    target('sid-security', 'unstable-security', `${security}/`),
    'Translations\tDebian\tmain\tsid\tunstable\thttp://translations.example/debian/',
    '',
  ];
  t.deepEqual(fromBuildHost(base, lines, noList), [
    { suite: 'sid', uri: main },
    { suite: 'sid-updates', uri: 'http://updates.example/debian' },
    { suite: 'sid-security', uri: security },
  ]);
});

test('a suite that the build host does not have is where another release’s of its kind is', (t) => {
  const older = [
    target('stretch', 'oldstable', `${main}/`),
    target('stretch-updates', 'oldstable-updates', 'http://updates.example/debian/'),
    target('stretch-security', 'oldstable-security', `${security}/`),
  ];
  t.deepEqual(fromBuildHost(base, older, noList), [
    { suite: 'sid', uri: main },
    { suite: 'sid-updates', uri: main },
    { suite: 'sid-security', uri: security },
  ]);
  t.throws(() => fromBuildHost(base, older.slice(0, 2), noList), {
    message: /no source for Debian sid-security/,
  });
});

test('suites that share one code name, as Ubuntu’s do, are told apart', (t) => {
  const ubuntu: BootstrapBase = {
    ...base,
    origin: 'Ubuntu',
    suites: [{ suite: 'noble' }, { suite: 'noble-security' }],
  };
  const lines = [
    target('noble', 'noble-security', 'http://s.example/ubuntu/', { origin: 'Ubuntu' }),
    target('noble', 'noble', 'http://a.example/ubuntu/', { origin: 'Ubuntu' }),
  ];
  t.deepEqual(
    fromBuildHost(ubuntu, lines, noList).map(({ uri }) => uri),
    ['http://a.example/ubuntu', 'http://s.example/ubuntu'],
  );
});

test('a list of mirrors, as cloud images have, stands for its first address', (t) => {
  const lines = ['mirror+file:/etc/apt/mirrors/a.list/', 'mirror+file:///etc/apt/mirrors/a.list'].map((uri) =>
    target('sid', 'unstable', uri),
  );
  for (const line of lines) {
    const read = (file: string) => {
      t.is(file, '/etc/apt/mirrors/a.list');
      return `# fastest first\n${main}/ priority:1\nhttp://b.example/debian\n`;
    };
    const found = fromBuildHost({ ...base, suites: [{ suite: 'sid' }] }, [line], read);
    t.deepEqual(found, [{ suite: 'sid', uri: main }]);
  }
});

test('a missing updates suite is taken from the main archive; a missing security suite is an error with its remedy', (t) => {
  const lines = [target('sid', 'unstable', main)];
  const error = t.throws(() => fromBuildHost(base, lines, noList), { instanceOf: SourceError });
  t.regex(error.message, /Debian sid-security; run `apt-get update` .* image\.mirror/);
  t.regex(t.throws(() => fromBuildHost(base, [], noList)).message, /no source for Debian sid;/);
  lines.push(target('sid-security', 'unstable-security', security));
  t.is(fromBuildHost(base, lines, noList)[1]?.uri, main);
});

test('an address with a password never gets into an image', (t) => {
  t.throws(() => fromMirror(base, 'http://me:pw@mirror.example/debian'), {
    message: /image\.mirror carries/,
  });
  const lines = [target('sid', 'unstable', 'https://me@mirror.example/debian/')];
  const error = t.throws(() => fromBuildHost(base, lines, noList), { instanceOf: SourceError });
  t.false(error.message.includes('me@'));
});

test('sources.list names the keys, and every suite', (t) => {
  t.is(
    sourcesList(base, fromMirror(base, main)),
    `deb [signed-by=/usr/share/keyrings/archive.gpg] ${main} sid main\n` +
      `deb [signed-by=/usr/share/keyrings/archive.gpg] ${main} sid-updates main\n` +
      `deb [signed-by=/usr/share/keyrings/archive.gpg] ${security} sid-security main\n`,
  );
});

test('of the build host’s apt settings, only its way to the mirror is used', (t) => {
  const dump = [
    'Acquire "";',
    'Acquire::http "";',
    'Acquire::http::Proxy "http://proxy.example:3128";',
    'Acquire::http::Proxy::mirror.example "DIRECT";',
    'Acquire::http::Proxy-Auto-Detect "/usr/bin/auto-apt-proxy";',
    'Acquire::https::CaInfo "/etc/host-only.pem";',
    'Acquire::Retries "3";',
    'DPkg::Post-Invoke:: "rm -rf /var/cache/apt";',
    'APT::Install-Recommends "true";',
  ];
  t.is(
    connectionSettings(dump.join('\n')),
    'Acquire::http::Proxy "http://proxy.example:3128";\n' +
      'Acquire::http::Proxy::mirror.example "DIRECT";\n' +
      'Acquire::Retries "3";\n',
  );
});

test('apt-get is asked for the fields in the order in which they are read', (t) => {
  t.is(indexTargetsFormat, '$(CREATED_BY)\t$(ORIGIN)\t$(COMPONENT)\t$(CODENAME)\t$(SUITE)\t$(REPO_URI)');
});
