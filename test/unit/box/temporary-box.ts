/** A box in a temporary directory: the real program on files of its own, with a recorder for the init system. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type networkInterfaces, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { runCommand, type Surroundings } from '../../../box/commands/run.ts';
import { type Execute, keptProgram, Machine, type Outcome, python } from '../../../box/machine/machine.ts';
import { paths } from '../../../box/machine/paths.ts';
import type { Image, Settings } from '../../../contract/settings.ts';

const verifyProgram = fileURLToPath(
  new URL('../../../overlays/panel/common/usr/lib/box/verify-password.py', import.meta.url),
);

const ownPrograms = fileURLToPath(new URL('../../../overlays/box/common/usr/lib/box', import.meta.url));

export const settings: Settings = {
  format: 1,
  hostname: 'box.example.com',
  admin: { email: 'me@example.com', passwordHash: `$6$abcdefgh$${'x'.repeat(86)}` },
  timezone: 'Europe/Berlin',
  storage: {},
};

export const image: Image = {
  format: 1,
  name: 'example',
  version: '0.1.0',
  release: 'some-release',
  roles: [],
  services: ['opendkim', 'dovecot'],
  servicesWaitForInit: true,
  ports: [],
  commands: {
    startService: ['service', '{}', 'start'],
    reloadService: ['service', '{}', 'reload'],
    restartService: ['service', '{}', 'restart'],
    stopService: ['service', '{}', 'stop'],
    serviceRuns: ['service', '{}', 'status'],
    openFence: ['fence', 'open'],
    closeFence: ['fence', 'close'],
    checkZone: ['nsd-checkzone', '{zone}', '{file}'],
    clockIsSet: ['clock-is-set'],
    setHostName: ['set-host-name'],
    upgrade: ['begin-upgrade'],
    renewInit: ['renew-init'],
  },
};

/** A host key, and what `ssh-keygen -lf` says of it. */
export const sshHostKey = {
  line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOcchh7sbi5gxyQsbZJqY3uCpDYeF7GU0+xCei1s6gqp root@box',
  fingerprint: 'SHA256:vjH2adQwS1E1FPNke+tUV5UqHz+X6xRiRaKtO6hd+6I (ED25519)',
};

const card = { mac: '02:00:00:00:00:01', internal: false } as const;

/** What is no part of the init system is run for real. */
const realPrograms: string[] = [
  python[0],
  'ldns-keygen',
  'ldns-signzone',
  'ldns-verify-zone',
  'nsd-checkzone',
  'sqlite3',
  'env',
];

/** For all boxes of a test file. */
const sql = keptProgram([...python, path.join(ownPrograms, 'sql.py')]);

/** A box after its first boot, made once for all tests of a file: making keys takes long. */
let booted: Promise<TemporaryBox> | undefined;

export class TemporaryBox {
  readonly root = mkdtempSync(path.join(tmpdir(), 'box-'));
  /** Commands that the box ran, but for SQL. */
  readonly ran: string[] = [];
  /** As whom each program ran. */
  readonly users: {
    readonly program: string;
    readonly argv: readonly string[];
    readonly as: 'root' | 'box-webmail';
  }[] = [];
  /** What the init system and the like answer; by default all is well. */
  answer: (
    argv: readonly string[],
    input: string,
  ) => Partial<Outcome> | undefined | Promise<Partial<Outcome> | undefined> = () => undefined;
  /** A program that is otherwise run for real and shall fail: then `answer` says how. */
  broken: (argv: readonly string[]) => boolean = () => false;
  readonly said: string[] = [];
  readonly complaints: string[] = [];
  password = 'correct-horse';
  input = '';
  interfaces: ReturnType<typeof networkInterfaces> = {
    eth0: [
      { ...card, family: 'IPv4', address: '192.0.2.25', netmask: '255.255.255.0', cidr: '192.0.2.25/24' },
      { ...card, family: 'IPv6', address: 'fe80::1', netmask: '', cidr: null, scopeid: 2 },
    ],
  };
  now = new Date('2026-11-24T12:00:00Z');
  readonly machine: Machine;

  /** A box after its first boot. */
  static async booted(t: ExecutionContext): Promise<TemporaryBox> {
    booted ??= (async () => {
      const first = new TemporaryBox((remove) => process.once('exit', remove));
      if ((await first.box('init')) !== 0) throw new Error(first.said.join('\n'));
      return first;
    })();
    const from = (await booted).root;
    const box = new TemporaryBox((remove) => t.teardown(remove));
    rmSync(box.root, { recursive: true });
    cpSync(from, box.root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return box;
  }

  /** A box before its first boot. */
  static fresh(t: Pick<ExecutionContext, 'teardown'>): TemporaryBox {
    return new TemporaryBox((remove) => t.teardown(remove));
  }

  private constructor(whenDone: (remove: () => void) => void) {
    whenDone(() => rmSync(this.root, { recursive: true, force: true }));
    for (const folder of [
      'etc/box',
      'etc/opendkim',
      'etc/nsd/box',
      'etc/fail2ban/jail.d',
      'etc/box/firewall',
      'etc/nginx/sites',
      'etc/postfix',
      'etc/spamassassin',
      'etc/unbound/unbound.conf.d',
      'etc/ssh',
      'etc/postfix',
      'run',
      'home',
    ]) {
      mkdirSync(this.at(`/${folder}`), { recursive: true });
    }
    const { uid, gid } = userInfo();
    const names = [
      'root',
      'user-data',
      'mail',
      'opendkim',
      'postdrop',
      'postfix',
      'postgrey',
      'spampd',
      'box-accounts',
      'box-counts',
      'box-outbound-tls',
      'box-panel',
      'box-reports',
      'box-senders',
      'box-webmail',
    ];
    this.write('/etc/passwd', names.map((name) => `${name}:x:${uid}:${gid}::/:/bin/false\n`).join(''));
    this.write('/etc/group', names.map((name) => `${name}:x:${gid}:\n`).join(''));
    this.write('/etc/hosts', '127.0.0.1 localhost\n');
    this.write('/usr/share/zoneinfo/Europe/Berlin', '');
    this.write('/proc/sys/kernel/hostname', 'localhost\n');
    this.write('/proc/meminfo', 'MemTotal: 1000 kB\nMemAvailable: 600 kB\n');
    this.write('/proc/self/mountinfo', '20 1 8:1 / / rw - ext4 /dev/sda1 rw\n');
    this.write('/etc/ssh/ssh_host_ed25519_key.pub', `${sshHostKey.line}\n`);
    this.write('/usr/lib/box/image.json', JSON.stringify(image));
    this.write('/etc/box/settings.json', JSON.stringify(settings));
    for (const name of readdirSync(ownPrograms))
      cpSync(path.join(ownPrograms, name), this.at(`/usr/lib/box/${name}`));
    cpSync(verifyProgram, this.at('/usr/lib/box/verify-password.py'));
    this.machine = new Machine(
      this.root,
      this.#execute,
      () => this.interfaces,
      (_argv, order) => sql.ask(order),
    );
  }

  at(file: string): string {
    return this.root + file;
  }

  write(file: string, text: string | Buffer): void {
    mkdirSync(path.dirname(this.at(file)), { recursive: true });
    writeFileSync(this.at(file), text);
  }

  read(file: string): string {
    return readFileSync(this.at(file), 'utf8');
  }

  settle(changed: Partial<Settings>): void {
    this.write('/etc/box/settings.json', JSON.stringify({ ...settings, ...changed }));
  }

  /** Runs `box ARGV...` and gives its exit code. */
  async box(...argv: string[]): Promise<number> {
    this.said.length = 0;
    this.complaints.length = 0;
    this.ran.length = 0;
    return runCommand(argv, this.#around());
  }

  #around(): Surroundings {
    return {
      machine: this.machine,
      now: () => this.now,
      say: (line) => void this.said.push(line),
      complain: (line) => void this.complaints.push(line),
      askPassword: async () => this.password,
      readInput: async () => this.input,
      readBytes: async (most) => {
        const bytes = Buffer.from(this.input, 'latin1');
        return bytes.length > most ? undefined : bytes;
      },
    };
  }

  /** `box init`, which must succeed. */
  async init(t: ExecutionContext): Promise<void> {
    t.is(await this.box('init'), 0, this.said.join('\n'));
  }

  report(): Record<string, unknown> & { steps: { title: string; result: string }[] } {
    return JSON.parse(this.read('/run/box/ready.json'));
  }

  /** Every file below a folder with its mode, time and text. */
  tree(folder: string): Record<string, string> {
    const all: Record<string, string> = {};
    for (const name of readdirSync(this.at(folder)).sort()) {
      const file = `${folder}/${name}`;
      const stat = lstatSync(this.at(file));
      all[file] = `${stat.mode.toString(8)} ${stat.mtimeMs}`;
      if (stat.isDirectory()) Object.assign(all, this.tree(file));
      else if (stat.isFile()) all[file] += ` ${readFileSync(this.at(file)).toString('hex')}`;
    }
    return all;
  }

  link(file: string, target: string): void {
    symlinkSync(target, this.at(file));
  }

  #execute: Execute = (given, input, directory) => {
    const isWebmails = given[0] === paths.asWebmail;
    const argv = isWebmails ? given.slice(1) : given;
    this.users.push({ program: argv[0] ?? '', argv, as: isWebmails ? 'box-webmail' : 'root' });
    const real =
      realPrograms.includes(argv[0] ?? '') ||
      ['openssl cms', 'ssh-keygen -q'].includes(argv.slice(0, 2).join(' '));
    if (real && !this.broken(argv)) return really(argv, input, directory);
    this.ran.push(argv.join(' '));
    if (argv[0] === 'set-host-name') this.write('/proc/sys/kernel/hostname', this.read('/etc/hostname'));
    // What that unit does.
    if (argv.join(' ') === 'service box-web start')
      return runCommand(['web', 'update', '--held'], this.#around()).then((code) => ({
        code,
        out: '',
        err: '',
      }));
    return Promise.resolve(this.answer(argv, input)).then((said) => ({
      ...{ code: 0, out: '', err: '' },
      ...said,
    }));
  };
}

function really([program, ...args]: readonly string[], input: string, cwd?: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program as string, args, { cwd });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('close', (code) => resolve({ code: code ?? 1, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
