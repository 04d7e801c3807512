/** For tests of a box that begins with a backup: an old box's state, and stand-ins for duplicity and the host that has it. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import type { Outcome } from '../../../../box/machine/machine.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { TemporaryBox } from '../temporary-box.ts';

export const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOcchh7sbi5gxyQsbZJqY3uCpDYeF7GU0+xCei1s6gqp';
export const restore = { from: 'rsync://backups@192.0.2.9:2222/box', hostKey: `${hostKey} root@nas` };
export const key = `${'k'.repeat(64)}\nthe rest of it\n`;
export const listing = [
  'duplicity-full.20261120T010000Z.manifest.gpg',
  'duplicity-full.20261120T010000Z.vol1.difftar.gpg',
]
  .map((name) => `-rw-------        1,000 2026/11/20 01:00:10 ${name}\n`)
  .join('');

export interface Elsewhere {
  /** What `rsync` answers. */
  list?: Partial<Outcome>;
  /** Of duplicity, in the place of the files. */
  duplicity?: Partial<Outcome>;
  version?: string | undefined;
  /** Where the power goes. */
  cut?: 'first files' | 'sync';
}

/** A box before its first boot, the state of an old one, and what the other host does. */
export async function waiting(t: ExecutionContext) {
  const old = await TemporaryBox.booted(t);
  const box = TemporaryBox.fresh(t);
  box.settle({ restore });
  const elsewhere: Elsewhere = { list: { out: listing }, version: '15\n' };
  box.answer = (argv) => {
    const [program = '', action] = argv;
    if (program === 'df') return { out: 'x\n/dev/x 1000000 100000 900000 10% /\n' };
    if (program === 'rsync') return elsewhere.list;
    if (program === 'sync' && elsewhere.cut === 'sync') throw new Error('the power went');
    if (program !== paths.duplicity || action !== 'restore') return undefined;
    if (elsewhere.duplicity !== undefined) return elsewhere.duplicity;
    const to = argv.at(-1) ?? '';
    if (argv.includes('-r')) {
      if (elsewhere.version === undefined) return { code: 19 };
      box.write(to, elsewhere.version);
    } else {
      for (const name of readdirSync(old.at(paths.storage)).filter((it) => it !== 'backup'))
        cpSync(old.at(`${paths.storage}/${name}`), box.at(`${to}/${name}`), {
          recursive: true,
          verbatimSymlinks: true,
        });
      mkdirSync(box.at(`${to}/backup/snapshots/mail`), { recursive: true });
      cpSync(old.at(paths.accounts), box.at(`${to}/backup/snapshots/mail/users.sqlite`));
      rmSync(box.at(`${to}/mail/users.sqlite`));
      if (elsewhere.cut === 'first files') throw new Error('the power went');
    }
    return {};
  };
  return { old, box, elsewhere };
}

/** Runs the owner’s command. */
export const bring = async (box: TemporaryBox, text = key) => {
  box.input = text;
  return box.box('restore', 'key');
};
export const keysOf = (box: TemporaryBox) =>
  [paths.tlsKey, paths.dkimKey, paths.storageVersion].map((file) =>
    existsSync(box.at(file)) ? box.read(file) : undefined,
  );
export const none = [undefined, undefined, undefined];
