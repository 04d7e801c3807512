/** Another host's mail server: the image's own Postfix, which takes every mail for one domain and keeps it. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Started } from '../../rig/artefacts.ts';
import type { KeyPair } from '../../rig/key-pair.ts';
import { ended, outcome, start } from '../../rig/program.ts';
import { patience, waitFor } from '../../rig/wait.ts';
import type { RawImage } from './image.ts';
import type { Namespace } from './namespace.ts';

export interface MtaOptions {
  readonly domain: string;
  /** The name in its greeting, and of its MX record. */
  readonly hostname: string;
  readonly address: string;
  /** What it shows after STARTTLS; without one it offers none. */
  readonly tls: KeyPair | undefined;
  /** Of its own, in postconf(5)'s words. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

const mailFolder = 'var/mail/lab';

export class LabMta implements Started {
  readonly folder: string;
  #child: ChildProcess | undefined;

  constructor(
    parent: string,
    readonly image: RawImage,
    readonly outside: Namespace,
    readonly options: MtaOptions,
  ) {
    this.folder = path.join(parent, 'mta', options.domain);
  }

  /** Starts it and waits for its greeting. */
  async start(): Promise<this> {
    const config = path.join(this.folder, 'upper/etc/postfix');
    mkdirSync(config, { recursive: true });
    writeFileSync(path.join(config, 'main.cf'), mainCf(this.options));
    writeFileSync(path.join(config, 'master.cf'), masterCf);
    if (this.options.tls !== undefined) {
      const { key, certificate } = this.options.tls;
      const pem = readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8');
      writeFileSync(path.join(config, 'tls.pem'), pem, { mode: 0o600 });
    }
    const script = fileURLToPath(new URL('run-mta.sh', import.meta.url));
    const { path: raw, offset, bytes } = this.image;
    const place = [raw, String(offset), String(bytes), this.folder, this.outside.name];
    const log = path.join(this.folder, 'start.log');
    this.#child = start(['unshare', '--mount', 'sh', script, ...place], log);
    const { address, domain } = this.options;
    const greeting = ['bash', '-c', `exec 3<>/dev/tcp/${address}/25 && timeout 5 head -c 4 <&3`];
    await waitFor(`the mail server of ${domain} (log: ${log})`, async () => {
      if (this.#child?.exitCode !== null) throw new Error(`it ended: ${readFileSync(log, 'utf8')}`);
      const { stdout } = await outcome([...this.outside.prefix, ...greeting]);
      return stdout === '220 ' ? true : undefined;
    });
    return this;
  }

  /** Every mail it took, whole. */
  mails(): string[] {
    const folder = path.join(this.folder, 'upper', mailFolder, 'new');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  }

  /** Waits for the mail with this subject. */
  async mail(subject: string, seconds = patience): Promise<string> {
    const isIt = (text: string) => text.split(/\r?\n/).includes(`Subject: ${subject}`);
    return waitFor(
      `"${subject}" at ${this.options.domain} (log: ${this.logFile})`,
      () => this.mails().find(isIt),
      { seconds },
    );
  }

  get logFile(): string {
    return path.join(this.folder, 'upper/var/log/maillog');
  }

  log(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
  }

  stop = async (): Promise<void> => {
    if (this.#child === undefined) return;
    this.#child.kill('SIGKILL');
    await ended(this.#child);
    rmSync(path.join(this.folder, 'work'), { recursive: true, force: true });
  };

  explain = (): string[] => [`the mail server of ${this.options.domain}: ${this.logFile}`];
}

/** postconf(5). It looks nothing up, so it needs no resolver. */
function mainCf({ domain, hostname, address, tls, settings: own }: MtaOptions): string {
  const settings = {
    compatibility_level: '3.6',
    myhostname: hostname,
    mydestination: '',
    inet_interfaces: address,
    inet_protocols: address.includes(':') ? 'ipv6' : 'ipv4',
    mynetworks: '',
    smtpd_peername_lookup: 'no',
    smtpd_relay_restrictions: 'reject_unauth_destination',
    // A word of its log, so that a test can see what its peer spoke.
    smtpd_tls_loglevel: '1',
    smtpd_tls_received_header: 'yes',
    ...(tls === undefined
      ? { smtpd_tls_security_level: 'none' }
      : { smtpd_tls_security_level: 'may', smtpd_tls_chain_files: '/etc/postfix/tls.pem' }),
    virtual_mailbox_domains: domain,
    virtual_mailbox_maps: 'static:lab/',
    virtual_mailbox_base: '/var/mail',
    virtual_uid_maps: 'static:65534',
    virtual_gid_maps: 'static:65534',
    maillog_file: '/var/log/maillog',
    ...own,
  };
  return `${Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n')}\n`;
}

/** master(5), with nothing in a chroot: it lives in one already. */
const masterCf = `${[
  'smtp       inet       n - n -     - smtpd',
  'pickup     unix       n - n 60    1 pickup',
  'cleanup    unix       n - n -     0 cleanup',
  'qmgr       unix       n - n 300   1 qmgr',
  'tlsmgr     unix       - - n 1000? 1 tlsmgr',
  'rewrite    unix       - - n -     - trivial-rewrite',
  'bounce     unix       - - n -     0 bounce',
  'defer      unix       - - n -     0 bounce',
  'trace      unix       - - n -     0 bounce',
  'verify     unix       - - n -     1 verify',
  'flush      unix       n - n 1000? 0 flush',
  'proxymap   unix       - - n -     - proxymap',
  'proxywrite unix       - - n -     1 proxymap',
  'smtp       unix       - - n -     - smtp',
  'relay      unix       - - n -     - smtp',
  'showq      unix       n - n -     - showq',
  'error      unix       - - n -     - error',
  'retry      unix       - - n -     - error',
  'discard    unix       - - n -     - discard',
  'local      unix       - n n -     - local',
  'virtual    unix       - n n -     - virtual',
  'lmtp       unix       - - n -     - lmtp',
  'anvil      unix       - - n -     1 anvil',
  'scache     unix       - - n -     1 scache',
  'postlog    unix-dgram n - n -     1 postlogd',
].join('\n')}\n`;
