/** The provision step that installs packages, with an apt-get that writes down what it was asked and what it could read. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { archivesList } from '../../../../builder/outputs/bake-lists.ts';
import { qemuTemplate } from '../../../../builder/outputs/packer/qemu.ts';
import { archivesOf } from '../../../../builder/plan/archives.ts';
import type { CloudImageBase } from '../../../../releases/release.ts';
import { ubuntu1404 } from '../../../../releases/ubuntu-14.04.ts';

const base: CloudImageBase = {
  kind: 'cloud-image',
  origin: 'Ubuntu',
  url: 'https://images.example.net/old.qcow2',
  sha256: '0'.repeat(64),
  archive: { suites: ['old', 'old-security'], components: ['main', 'universe'] },
  esm: {
    suites: ['old-esm'],
    components: ['main'],
    packages: ['apt-transport-https', 'esm-tools'],
    keyring: '/usr/share/keyrings/esm.gpg',
    list: '/etc/apt/sources.list.d/esm.list',
    pin: '/etc/apt/preferences.d/esm',
  },
};

/** A box that has the package `there`, and what the step makes of it. */
function given(t: ExecutionContext) {
  const work = mkdtempSync(path.join(tmpdir(), 'letterbox-packages-'));
  t.teardown(() => rmSync(work, { recursive: true }));
  const at = (...names: string[]) => path.join(work, ...names);
  for (const folder of [
    'bin',
    'bake',
    'root/usr/sbin',
    'root/etc/apt/trusted.gpg.d',
    'root/usr/share/keyrings',
  ])
    mkdirSync(at(folder), { recursive: true });
  for (const folder of ['sources.list.d', 'preferences.d']) mkdirSync(at('root/etc/apt', folder));
  const program = (name: string, lines: readonly string[]) =>
    writeFileSync(at('bin', name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  program('dpkg-query', ['echo "install ok installed there"']);
  program('apt-get', [
    `case "$*" in *"Dir::Etc::netrc=${at('login')} "*) ;; *) echo "no netrc: $*"; exit 1 ;; esac`,
    `echo "$*" | sed 's/.*no-install-recommends //' >>${at('asked')}`,
    'case "$*" in',
    `*"install apt-transport-https esm-tools"*) cp ${at('key')} ${at('root', base.esm?.keyring ?? '')}`,
    `    echo pinned >${at('root/etc/apt/preferences.d/esm')} ;;`,
    `*dist-upgrade) cat ${at('root/etc/apt/sources.list.d/esm.list')} ${at('login')} >${at('seen')}`,
    `    ls ${at('root/etc/apt/preferences.d')} ${at('root/etc/apt/trusted.gpg.d')} ${at('root/usr/sbin')} >>${at('seen')} ;;`,
    '*" wanted"*) exit $((LETTERBOX_FAILS)) ;;',
    'esac',
  ]);
  writeFileSync(at('key'), 'key');
  writeFileSync(at('root/etc/apt/sources.list'), 'deb http://vendor.example/ old main\n');
  writeFileSync(at('login'), 'machine esm.example.net/ login bearer password hunter2\n', { mode: 0o600 });
  writeFileSync(at('bake/packages.txt'), 'there\nwanted\n');
  const install = (image: Parameters<typeof archivesOf>[0]['image'], environment = {}) => {
    writeFileSync(at('bake/archives.txt'), archivesList({ archives: archivesOf({ image }, { base }) }));
    return spawnSync('sh', ['packer/provision/10-packages.sh'], {
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${at('bin')}:${process.env.PATH}`,
        LETTERBOX_BAKE: at('bake'),
        LETTERBOX_ROOT: at('root'),
        LETTERBOX_APT_LOGIN: at('login'),
        ...environment,
      },
    });
  };
  const text = (...names: string[]) => readFileSync(at(...names), 'utf8');
  return { install, text, at };
}

test("without a mirror the image's own sources are asked", (t) => {
  const { install, text, at } = given(t);
  t.is(install({}).status, 0);
  t.is(text('asked'), 'update\ninstall wanted\n');
  t.is(text('root/etc/apt/sources.list'), 'deb http://vendor.example/ old main\n');
  t.false(existsSync(at('root/usr/sbin/policy-rc.d')));
});

test('a mirror takes the place of all of them, and the box keeps it', (t) => {
  const { install, text } = given(t);
  t.is(install({ mirror: 'http://mirror.example.net/ubuntu/' }).status, 0);
  t.is(
    text('root/etc/apt/sources.list'),
    'deb http://mirror.example.net/ubuntu old main universe\ndeb http://mirror.example.net/ubuntu old-security main universe\n',
  );
});

test('what is sold is asked with its key and the log-in, upgrades the base first, and is gone afterwards', (t) => {
  const { install, text, at } = given(t);
  const { status, stdout, stderr } = install({ esmMirror: 'https://esm.example.net' });
  t.is(status, 0, stderr);
  t.is(
    text('asked'),
    'update\ninstall apt-transport-https esm-tools\nupdate\ndist-upgrade\ninstall wanted\n',
  );
  t.regex(text('seen'), /^deb https:\/\/esm\.example\.net old-esm main\nmachine esm\.example\.net\/ login/);
  t.regex(text('seen'), /preferences\.d:\n\n.*trusted\.gpg\.d:\nesm\.gpg\n\n.*sbin:\npolicy-rc\.d\n$/s);
  for (const gone of ['login', 'root/etc/apt/sources.list.d/esm.list', 'root/usr/sbin/policy-rc.d'])
    t.false(existsSync(at(gone)), gone);
  t.notRegex(stdout + stderr + text('asked') + text('bake/archives.txt'), /hunter2/);
});

test('a step that fails takes the log-in away too', (t) => {
  const { install, at } = given(t);
  t.is(install({ esmMirror: 'https://esm.example.net' }, { LETTERBOX_FAILS: '100' }).status, 100);
  t.false(existsSync(at('login')));
  t.false(existsSync(at('root/etc/apt/sources.list.d/esm.list')));
});

test('a key that no package brought ends the bake before anything is asked', (t) => {
  const { install, text, at } = given(t);
  rmSync(at('key'));
  const { status, stderr } = install({ esmMirror: 'https://esm.example.net' });
  t.is(status, 1);
  t.regex(stderr, /no package brought the key .*esm\.gpg/);
  t.is(text('asked'), 'update\ninstall apt-transport-https esm-tools\n');
});

test('the seal finds a log-in of apt in every place where one can be', (t) => {
  const { at } = given(t);
  const found = () =>
    spawnSync('sh', ['-c', '. packer/provision/lib.sh; apt_logins "$0"', at('root')], { encoding: 'utf8' })
      .stdout;
  t.is(found(), '');
  mkdirSync(at('root/etc/apt/auth.conf.d'));
  mkdirSync(at('root/root'));
  writeFileSync(at('root/etc/apt/auth.conf'), '');
  t.is(found(), '', 'an empty one holds none');
  const places: readonly [name: string, text: string][] = [
    ['etc/apt/auth.conf', 'machine esm.example.net login bearer password hunter2\n'],
    ['etc/apt/auth.conf.d/90esm.conf', 'machine esm.example.net login bearer password hunter2\n'],
    ['root/.netrc', 'machine esm.example.net login bearer password hunter2\n'],
    ['etc/apt/sources.list', 'deb https://bearer:hunter2@esm.example.net/ old-esm main\n'],
    ['etc/apt/sources.list.d/esm.list', 'deb https://bearer:hunter2@esm.example.net/ old-esm main\n'],
  ];
  for (const [name, text] of places) {
    writeFileSync(at('root', name), text);
    t.is(found(), `${at('root', name)}\n`);
    rmSync(at('root', name));
  }
});

test('Packer sends the log-in into memory, where the plan has what is sold, and nowhere else', (t) => {
  const plan = (image: Parameters<typeof archivesOf>[0]['image']) =>
    ({ name: 'example', archives: archivesOf({ image }, { base }) }) as Parameters<typeof qemuTemplate>[0];
  const without = JSON.stringify(qemuTemplate(plan({}), ubuntu1404));
  t.false(without.includes('/run/bake'));
  const [template] = qemuTemplate(plan({ esmMirror: 'https://esm.example.net' }), ubuntu1404).build;
  const words = JSON.stringify(template.provisioner);
  t.true(words.indexOf('= tmpfs') > 0 && words.indexOf('= tmpfs') < words.indexOf('var.apt_login'));
  t.regex(words, /"destination":"\/run\/bake\/apt-login"/);
});
