/**
 * Bad configs: NAME.yaml and, in NAME.expected, all that `letterbox check` says about it.
 * `UPDATE_GOLDEN=1 npx ava test/bad-configs/*.test.ts` rewrites the expectations; read the difference.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '../../builder/config/load.ts';
import { ConfigError } from '../../builder/config/problem.ts';
import type { Releases } from '../../builder/config/rules/rule.ts';
import { debian12 } from '../../releases/debian-12.ts';
import type { Release } from '../../releases/release.ts';

const folder = path.resolve('test/bad-configs');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => path.basename(file, '.yaml'));

/** A release as it may come one day: its base is a vendor's image and its OpenSSL speaks no old TLS. */
const modern: Release = {
  ...debian12,
  name: 'modern-1',
  lacksRoles: ['webmail'],
  base: {
    kind: 'cloud-image',
    origin: 'Ubuntu',
    url: 'https://images.example.net/modern.qcow2',
    sha256: '0'.repeat(64),
    archive: { suites: ['modern'], components: ['main'] },
    esm: {
      suites: ['modern-esm'],
      components: ['main'],
      packages: [],
      keyring: '/esm.gpg',
      list: '/esm.list',
      pin: '/esm',
    },
  },
  builders: ['packer'],
  tlsVersions: ['TLSv1.2', 'TLSv1.3'],
};
/** An older one, that speaks none of today's. */
const ancient: Release = {
  ...debian12,
  name: 'ancient-1',
  tlsVersions: ['TLSv1'],
  firmware: ['bios'],
  versions: { ...debian12.versions, opendmarc: '1.2.0' },
  lacksRoles: ['search', 'groupware'],
};
const releases: Releases = new Map([debian12, modern, ancient].map((release) => [release.name, release]));

for (const name of names) {
  test(name.replaceAll('-', ' '), (t) => {
    const yaml = path.join(folder, `${name}.yaml`);
    const expected = path.join(folder, `${name}.expected`);
    const error = t.throws(() => loadConfig(yaml, releases), { instanceOf: ConfigError });
    const said = `${error?.message.replaceAll(yaml, 'box.yaml')}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(expected, said);
    t.is(said, existsSync(expected) ? readFileSync(expected, 'utf8') : '', `${name}.expected`);
    for (const { rule, remedy } of error?.problems ?? [])
      t.true(rule !== '' && remedy !== '', 'a rule and a remedy');
    t.notRegex(
      said,
      /hunter2|OPENSSH PRIVATE KEY-|b3BlbnNzaC1|\$[0-9a-z]+\$[./\w]{8}/,
      'no secret is repeated',
    );
  });
}
