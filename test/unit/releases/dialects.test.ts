/**
 * The old release is written in the dialects of its daemons. Of the daemons of `directives/` the names are walked by
 * directives.test.ts; here are values that came later, and words of the other programs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { parseConfig } from '../../../builder/config/load.ts';
import { makePlan, type Plan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';

/** What a daemon of Ubuntu 14.04 does not know yet, with the upstream version that brought it. */
const tooNew: readonly {
  readonly daemon: string;
  readonly here: string;
  readonly files: RegExp;
  readonly words: readonly (readonly [pattern: RegExp, since: string])[];
}[] = [
  {
    daemon: 'Postfix',
    here: '2.11.0',
    files: /^\/etc\/postfix\//,
    words: [
      [/\b(inline|pipemap|unionmap|randmap):/, '3.0'],
      [/^\s+-o \{/m, '3.0'],
      [/_tls_eecdh_grade = auto/, '3.2'],
      [/\bunix-dgram\b/, '3.4'],
      [/_protocols = .*[<>]=/, '3.6'],
    ],
  },
  {
    daemon: 'Dovecot',
    here: '2.2.9',
    files: /^\/etc\/dovecot\//,
    words: [
      [/\bimap_?sieve\b/, '2.2.24'],
      [/^protocols = .*\bsubmission\b/m, '2.3.0'],
    ],
  },
  {
    daemon: 'nginx',
    here: '1.4.6',
    files: /^\/etc\/nginx\//,
    words: [
      [/\badd_header .* always;/, '1.7.5'],
      [/\breuseport\b/, '1.9.1'],
      [/\bhttp2\b/, '1.9.5'],
      [/\bssl_ecdh_curve .*:/, '1.11.0'],
      [/\bTLSv1\.3\b/, '1.13.0'],
    ],
  },
  {
    daemon: 'OpenSSL',
    here: '1.0.1',
    files: /^\/etc\/(postfix|dovecot|nginx)\//,
    words: [
      [/@SECLEVEL/, '1.1.0'],
      [/\bTLS_AES_\d+_GCM/, '1.1.1'],
      [/\bMaxProtocol\b/, '1.1.0'],
    ],
  },
  {
    daemon: 'OpenSSH',
    here: '6.6',
    files: /^\/etc\/ssh\//,
    words: [[/\bprohibit-password\b/, '7.0']],
  },
  {
    daemon: 'NSD',
    here: '4.0.1',
    files: /^\/etc\/nsd\//,
    words: [[/^\s*database: ""/m, '4.1.0']],
  },
  {
    daemon: 'OpenDKIM',
    here: '2.9.1',
    files: /^\/etc\/opendkim/,
    words: [[/\bed25519\b/, '2.11.0']],
  },
  {
    daemon: 'cloud-init',
    here: '0.7.5',
    files: /^\/etc\/cloud\//,
    words: [[/\brenderers\b/, '17.1']],
  },
  {
    daemon: 'unattended-upgrades',
    here: '0.82.1',
    files: /^\/etc\/apt\//,
    words: [
      [/SyslogEnable/, 'after 0.82'],
      [/Remove-Unused-Kernel-Packages/, 'after 0.82'],
      [/MailReport/, 'after 0.82'],
    ],
  },
  {
    daemon: 'rsyslog',
    here: '7.4.4',
    files: /^\/etc\/rsyslog/,
    words: [
      [/^include\(/m, '8.33'],
      [/\bratelimit\.name\b/, '8.2102'],
    ],
  },
  {
    daemon: 'Linux',
    here: '3.13',
    files: /^\/etc\/sysctl\.d\//,
    words: [
      [/^kernel\.unprivileged_bpf_disabled\b/m, '4.4'],
      [/^net\.core\.bpf_jit_harden\b/m, '4.7'],
      [/^fs\.protected_(fifos|regular)\b/m, '4.19'],
    ],
  },
];

const guide = readFileSync('examples/guide.yaml', 'utf8');
const planOf = (release: string, policy: string): Plan => {
  const text = guide.replace('ubuntu-14.04', release).replace('guide-2016', policy);
  const found = releases.get(release);
  if (found === undefined) throw new Error(`no release ${release}`);
  return makePlan(parseConfig(text, 'guide.yaml').config, found);
};

/** `daemon: word (since version) in file`, for each word of a later version. Comments may name anything. */
function laterWords(plan: Plan): string[] {
  return tooNew.flatMap(({ daemon, files, words }) =>
    plan.files
      .filter((file) => files.test(file.path))
      .map((file) => ({ path: file.path, text: file.text.replace(/^\s*(#|\/\/).*$/gm, '') }))
      .flatMap(({ path: name, text }) =>
        words
          .filter(([pattern]) => pattern.test(text))
          .map(([pattern, since]) => `${daemon}: ${pattern.source} (since ${since}) in ${name}`),
      ),
  );
}

for (const policy of ['guide-2016', 'intermediate']) {
  test(`ubuntu-14.04 with tls.policy ${policy} has no word that its daemons do not know`, (t) => {
    t.deepEqual(laterWords(planOf('ubuntu-14.04', policy)), []);
  });
}

test('the list of later words is alive: the newer release uses some of each big daemon', (t) => {
  const found = laterWords(planOf('debian-12', 'guide-2016')).join('\n');
  for (const daemon of ['Postfix', 'Dovecot', 'nginx', 'OpenSSL', 'OpenSSH', 'cloud-init', 'Linux']) {
    t.true(found.includes(`${daemon}: `), `nothing of ${daemon} in:\n${found}`);
  }
});

test('every daemon of the list has files in the plan', (t) => {
  const plan = planOf('ubuntu-14.04', 'guide-2016');
  for (const { daemon, files } of tooNew)
    t.true(
      plan.files.some((file) => files.test(file.path)),
      daemon,
    );
});

test("the provision steps keep to what the old release's tools know", (t) => {
  const steps = readdirSync('packer/provision').map((name) => path.join('packer/provision', name));
  for (const file of steps) {
    // dpkg 1.17.11 brought the field; 1.17.5 prints nothing in its place.
    t.false(readFileSync(file, 'utf8').includes('db:Status-Status'), `${file}: db:Status-Status`);
  }
});

test("the box's SQL keeps to SQLite 3.8.2", (t) => {
  const later = /\bON CONFLICT\b|\bRETURNING\b|\bOVER \(|\biif\(|\) STRICT\b/i;
  const places = ['box/mail', 'overlays/postfix/common/etc/postfix', 'overlays/dovecot/common/etc/dovecot'];
  for (const folder of places) {
    for (const entry of readdirSync(folder, { withFileTypes: true }).filter((it) => it.isFile())) {
      const file = path.join(folder, entry.name);
      t.notRegex(readFileSync(file, 'utf8'), later, file);
    }
  }
});

test('guide-2016 offers what the guide says: TLSv1 to 1.2, 128 bits where passwords go, else 112', (t) => {
  const plan = planOf('ubuntu-14.04', 'guide-2016');
  const text = (name: string) => plan.files.find((file) => file.path === name)?.text ?? '';
  const dovecot = text('/etc/dovecot/dovecot.conf');
  t.regex(dovecot, /^ssl_protocols = !SSLv2 !SSLv3$/m);
  t.regex(dovecot, /^ssl_dh_parameters_length = 2048$/m);
  t.notRegex(dovecot, /DES-CBC3|RC4|NULL|EXP|MD5/);
  const postfix = text('/etc/postfix/main.cf');
  t.regex(postfix, /^smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3$/m);
  t.notRegex(/^tls_high_cipherlist = .*$/m.exec(postfix)?.[0] ?? 'DES-CBC3', /DES-CBC3|RC4|NULL|EXP|MD5/);
  t.regex(postfix, /^tls_medium_cipherlist = .*:DES-CBC3-SHA$/m);
  const nginx = text('/etc/nginx/nginx.conf');
  t.regex(nginx, /ssl_protocols TLSv1 TLSv1\.1 TLSv1\.2;/);
  t.regex(nginx, /Strict-Transport-Security "max-age=31536000";/);
});
