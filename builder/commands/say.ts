/** Everything `letterbox` prints on standard output, and its errors. */

import type { LayerNews } from '../bake/image.ts';
import type { Imported } from '../bake/run-import.ts';
import { pictured } from '../config/excerpt.ts';
import { ConfigError } from '../config/problem.ts';
import type { OutputFile } from '../host/write.ts';
import type { Change } from '../lock/changes.ts';
import type { Plan } from '../plan/plan.ts';
import { type Verdict, wrongText } from '../verify/verdict.ts';
import type { Booted } from '../vm/boot.ts';
import type { DemoResult } from './demo.ts';
import type { Finding } from './diagnosis.ts';
import type { Locked, Outdated } from './lock.ts';
import type { KeyPair } from './make-key.ts';

export function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function text(lines: string): void {
  process.stdout.write(lines);
}

/** Beside what a program reads. */
export function warning(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}

export function json(value: unknown): void {
  line(JSON.stringify(value, null, 2));
}

export function plan(it: Plan): void {
  line(`${it.name}: ${it.release}, ${it.packages.length} packages, ${it.files.length} files`);
  line('\nports');
  for (const port of it.image.ports) {
    line(
      `  ${String(port.port).padStart(5)}/${port.protocol} ${port.name.padEnd(12)} ${port.role.padEnd(10)} ${port.public ? 'public' : 'loopback'}`,
    );
  }
  line('\nfiles');
  for (const file of it.files)
    line(`  ${file.mode} ${`${file.owner}:${file.group}`.padEnd(18)} ${file.path.padEnd(48)} ${file.from}`);
  line(`\npackages\n  ${it.packages.join(' ')}`);
  line(`\nat boot\n  ${told(it)}`);
}

const told = ({ settings, sshKeys }: Plan) =>
  `${settings.hostname}, administrator ${settings.admin.email}, ${sshKeys.length} ssh keys`;

/** The image once, and each box. */
export function fleetPlan(boxes: readonly { readonly name: string; readonly plan: Plan }[]): void {
  const [first, ...others] = boxes;
  if (first === undefined) return;
  plan(first.plan);
  for (const other of others) line(`  ${told(other.plan)}`);
}

export function built(out: string, all: readonly OutputFile[], written: readonly string[]): void {
  for (const { path } of all) line(`${written.includes(path) ? 'wrote ' : 'same  '} ${out}/${path}`);
}

export function layers(all: readonly LayerNews[]): void {
  for (const { title, what, reason, file } of all)
    line(`${title.padEnd(17)} ${what.padEnd(10)}  ${reason}\n${' '.repeat(30)}${file}`);
}

/** A line for each, and below what is not right its remedy. */
export function findings(all: readonly Finding[]): void {
  for (const { about, for: needed, state, says, mend } of all) {
    line(`${state.padEnd(8)} ${about.padEnd(14)} ${says} (${needed.join(', ')})`);
    if (mend !== undefined) line(`${' '.repeat(9)}mend it        ${mend}`);
  }
}

export function locked({ file, written, count, release, changes: all }: Locked): void {
  line(`${written ? 'wrote' : 'same '} ${file}: ${count} packages of ${release}`);
  for (const change of changeLines(all ?? [])) line(change);
}

export function outdated({ against, changes: all }: Outdated): void {
  if (all.length === 0) line(`nothing is newer than in ${against}`);
  for (const change of changeLines(all)) line(change);
}

/** A line for each: whether it is about security, what it is, the package, and from which version to which. */
export function changeLines(all: readonly Change[]): string[] {
  const rows = all.map(({ name, before = '-', now = '-', kind, security }) => [
    security ? 'security' : '',
    kind,
    name,
    before,
    now,
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const widths = [8, 5, width(2), width(3), 0];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** What is there now, and what is left to do. */
export function imported({ gave, later }: Imported): void {
  for (const [word, value] of Object.entries(gave)) line(`${word.padEnd(10)} ${value}`);
  for (const todo of later) line(`left to do ${todo}`);
}

/** Where both lie, and what is done with each. */
export function keyPair({ secretFile, publicFile, line: publicLine }: KeyPair): void {
  line(`wrote ${secretFile}, which signs: keep a copy where nobody else comes`);
  line(`wrote ${publicFile}, which checks: give it to whoever gets an image of you`);
  line(`public key ${publicLine}`);
  line(`next: in box.yaml, under image, signingKey: ${secretFile} (its path from there); then bake`);
}

/** All of it: what is not checked counts as much. */
export function verdict({ checked, notChecked, wrong }: Verdict): void {
  for (const text of checked) line(`checked      ${text}`);
  for (const text of notChecked) line(`not checked  ${text}`);
  for (const one of wrong) line(`WRONG        ${wrongText(one)}`);
  line(wrong.length === 0 ? 'nothing is wrong' : `wrong: ${wrong.length}`);
}

export function booted(
  { report, forwards }: Booted,
  { console, stop }: { console: string; stop: string },
): void {
  if (report.stage === 'failed') {
    line(`The box stays closed. ${report.step ?? ''}: ${report.error ?? ''}\n${report.hint ?? ''}`);
  } else {
    line(`${report.hostname} is ready.`);
    line(`  certificate SHA-256  ${report.certificateSha256}`);
    for (const key of report.sshHostKeys ?? []) line(`  ssh host key         ${key}`);
  }
  for (const [guest, host] of Object.entries(forwards))
    line(`  port ${guest.padStart(5)}           127.0.0.1:${host}`);
  line(`  console              ${console}`);
  line(`  stop it              ${stop}`);
}

/** Where a browser on this machine finds the box's pages. */
export function demoPages(port: number | undefined, roles: readonly string[]): string[] {
  if (port === undefined) return [];
  const page = (what: string, path: string) => `${what.padEnd(20)} https://127.0.0.1:${port}${path}`;
  return [
    page('first page', '/'),
    ...(roles.includes('panel') ? [page('control panel', '/admin/')] : []),
    ...(roles.includes('webmail') ? [page('webmail', '/mail/')] : []),
    'the browser warns: the certificate is the box’s own, and its SHA-256 stands above',
  ];
}

export function demo(
  { booted: it, account, sshKey, message, console, roles }: DemoResult,
  stop: string,
): void {
  const headers = message.split(/\r?\n\r?\n/)[0] ?? '';
  line('\nThe mail as it came back:\n');
  for (const text of headers.split(/\r?\n/)) line(`  ${text}`);
  line('');
  booted(it, { console, stop });
  for (const page of demoPages(it.forwards[443], roles)) line(`  ${page}`);
  line(`  mail account         ${account.email}, password ${account.password}`);
  line(`  ssh                  ssh -p ${it.forwards[22]} -i ${sshKey} root@127.0.0.1`);
}

/** Prints an error and gives the exit code: 2 for a config that must be mended, 1 for all else. */
export function failed(error: unknown, asJson: boolean): number {
  if (error instanceof ConfigError) {
    if (asJson) json({ problems: error.problems });
    else {
      // A terminal that does not know its width says 0.
      const { isTTY, columns } = process.stderr;
      process.stderr.write(`${isTTY ? pictured(error, columns || undefined) : error.message}\n`);
    }
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (asJson) json({ error: message });
  else process.stderr.write(`letterbox: ${message}\n`);
  return 1;
}
