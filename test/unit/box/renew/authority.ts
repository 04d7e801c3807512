/** A certificate authority for unit tests: a root, one below it, and what it signs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export class Authority {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'authority-'));
  readonly root: string;
  readonly issuer: string;

  constructor() {
    process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
    this.root = this.#make('root', ['-x509', '-addext', 'basicConstraints=critical,CA:TRUE']);
    this.issuer = this.#make('issuer', [
      ...['-x509', '-addext', 'basicConstraints=critical,CA:TRUE'],
      ...['-CA', this.#at('root.pem'), '-CAkey', this.#at('root.key')],
    ]);
  }

  /** A certificate for a request, valid from now on. */
  sign(request: string, names: readonly string[], days = 90, more: readonly string[] = []): string {
    const lines = [`subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`, ...more];
    writeFileSync(this.#at('ext'), `${lines.join('\n')}\n`);
    const by = ['-CA', this.#at('issuer.pem'), '-CAkey', this.#at('issuer.key'), '-CAcreateserial'];
    const argv = ['x509', '-req', ...by, '-days', String(days), '-extfile', this.#at('ext')];
    return execFileSync('openssl', argv, { input: request, encoding: 'utf8', stdio: 'pipe' });
  }

  /** A request for a key that no box has. */
  foreignRequest(): string {
    return this.#make('foreign', []);
  }

  #make(name: string, more: readonly string[]): string {
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-noenc',
      '-keyout',
      this.#at(`${name}.key`),
    ];
    const argv = ['req', '-new', ...key, '-subj', `/CN=${name}`, '-out', this.#at(`${name}.pem`), ...more];
    execFileSync('openssl', argv, { stdio: 'pipe' });
    return readFileSync(this.#at(`${name}.pem`), 'utf8');
  }

  #at(file: string): string {
    return path.join(this.folder, file);
  }
}
