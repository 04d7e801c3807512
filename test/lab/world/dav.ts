/** Calendars and contacts as a client keeps them: whole collections, by vdirsyncer. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { outcome } from '../../rig/program.ts';
import type { LabBox } from './nspawn.ts';

/** A folder of events and one of contacts that vdirsyncer keeps equal with an account's. */
export class Mirror {
  readonly events: string;
  readonly contacts: string;

  constructor(
    private readonly box: LabBox,
    private readonly folder: string,
    account: Account,
    certificate: string,
  ) {
    this.events = path.join(folder, 'events', 'personal');
    this.contacts = path.join(folder, 'contacts', 'personal');
    for (const it of [this.events, this.contacts]) mkdirSync(it, { recursive: true });
    writeFileSync(path.join(folder, 'ca.pem'), certificate);
    writeFileSync(path.join(folder, 'hosts'), `127.0.0.1 localhost\n${box.host} ${hostname}\n`);
    const side = (type: string, ending: string) => `
[pair ${type}]
a = "here_${type}"
b = "there_${type}"
collections = ["from a", "from b"]
[storage here_${type}]
type = "filesystem"
path = "${path.join(folder, type)}"
fileext = "${ending}"
[storage there_${type}]
type = "${type === 'events' ? 'caldav' : 'carddav'}"
url = "https://${hostname}/"
username = "${account.email}"
password = "${account.password}"
verify = "${path.join(folder, 'ca.pem')}"
`;
    const config = `[general]\nstatus_path = "${path.join(folder, 'status')}"\n${side('events', '.ics')}${side('contacts', '.vcf')}`;
    writeFileSync(path.join(folder, 'config'), config, { mode: 0o600 });
  }

  /** Finds the collections by the name of the box alone, by way of `/.well-known`. */
  discover = () => this.#run('discover');

  /** One kind after the other: vdirsyncer's own connections end with the first that is done. */
  async sync(): Promise<string> {
    return (await this.#run('sync', 'events')) + (await this.#run('sync', 'contacts'));
  }

  async #run(...argv: string[]): Promise<string> {
    const enter = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$1" /etc/hosts; shift; exec "$@"', 'sh'];
    const program = ['env', 'LC_ALL=C.UTF-8', 'vdirsyncer', '-c', path.join(this.folder, 'config'), ...argv];
    const all = [...this.box.prefix, ...enter, path.join(this.folder, 'hosts'), ...program];
    const { code, stdout, stderr } = await outcome(all, { input: 'y\ny\ny\ny\n', seconds: 300 });
    if (code !== 0)
      throw new Error(`vdirsyncer ${argv.join(' ')}: ${stdout.slice(-1500)}${stderr.slice(-1500)}`);
    return stdout + stderr;
  }

  /** Its password lies in it. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
