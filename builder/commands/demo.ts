/** `letterbox demo`: from a config to a mail that went through a booted box, before the user's eyes. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bakeImage, bakeSteps, builderOf } from '../bake/image.ts';
import { type Compiled, compile } from '../compile.ts';
import type { Config } from '../config/schema.ts';
import { Progress, type ProgressEvent } from '../host/progress.ts';
import { run } from '../host/run.ts';
import type { ReadLock } from '../lock/read.ts';
import type { SecretKey } from '../trust/secret-key.ts';
import { type Booted, bootMachine, lookInside, machine, stopMachine } from '../vm/boot.ts';
import { type Account, fetchBySubject, peerCertificate, submit } from './mail-client.ts';
import { hashPassword } from './password.ts';

/** Expected seconds on 2 cores without KVM. */
const demoSteps = { boot: 80, send: 6, read: 10 } as const;

/** What the demo ends with. */
export interface DemoResult {
  readonly booted: Booted;
  readonly account: Account;
  readonly sshKey: string;
  readonly message: string;
  readonly console: string;
  /** What the image has. */
  readonly roles: readonly string[];
}

/**
 * Bakes, boots, sends and reads. The password and the ssh key are the demo's own and new each time; the config's are
 * left alone. The machine goes on running.
 */
export async function demo(
  config: Config,
  out: string,
  emit: (event: ProgressEvent, remaining: number) => void,
  stop: string,
  signer?: SecretKey,
  lock?: ReadLock,
): Promise<DemoResult> {
  const vm = machine(out, config.name, 'demo');
  await stopMachine(vm);
  const password = randomBytes(18).toString('base64url');
  const sshKey = path.join(out, 'demo-key', 'id_ed25519');
  const compiled = await compile(await withDemoLogin(config, password, sshKey), lock);
  const seconds = { ...bakeSteps(builderOf(compiled)), ...demoSteps };
  const progress = new Progress(emit, Object.values(seconds));
  await bakeImage(compiled, out, progress, builderOf(compiled), { signer });
  const booted = await progress.step({
    title: 'first boot',
    expected: demoSteps.boot,
    run: async (report) => {
      const ways = { stop, sshKey };
      const result = await bootMachine(vm, compiled, seedOf(compiled), 'fresh', report, ways);
      const { stage, step, error, hint = '' } = result.report;
      if (stage === 'failed')
        throw new Error(
          `the box stays closed: ${step}: ${error}\n  what to do   ${hint}\n${lookInside(vm, result.forwards, ways)}`,
        );
      return result;
    },
    note: ({ report }) => `${report.hostname} is ready`,
  });
  const ports = { submission: booted.forwards[587] ?? 0, imaps: booted.forwards[993] ?? 0 };
  const certificate = await peerCertificate(ports.imaps, config.box.hostname);
  if (certificate.sha256 !== booted.report.certificateSha256) {
    throw new Error(`the box shows another certificate (${certificate.sha256}) than its console names`);
  }
  const account: Account = {
    hostname: config.box.hostname,
    email: config.box.admin.email,
    password,
    ...ports,
    certificate: certificate.pem,
  };
  const subject = `Letterbox demo ${randomBytes(6).toString('hex')}`;
  await progress.step({
    title: 'submit a mail (587, STARTTLS)',
    expected: demoSteps.send,
    run: () => submit(account, mailTo(account.email, subject)),
  });
  const message = await progress.step({
    title: 'read it back (993, IMAPS)',
    expected: demoSteps.read,
    run: () => waitFor(() => fetchBySubject(account, subject), 60),
    note: (mail) => (/^DKIM-Signature:/im.test(mail) ? 'signed by DKIM' : 'NOT signed by DKIM'),
  });
  if (!/^DKIM-Signature:/im.test(message)) throw new Error('the mail came back without a DKIM signature');
  return {
    ...{ booted, account, sshKey, message },
    console: vm.serialLog,
    roles: compiled.plan.image.roles,
  };
}

async function withDemoLogin(config: Config, password: string, sshKey: string): Promise<Config> {
  if (!existsSync(sshKey)) {
    mkdirSync(path.dirname(sshKey), { recursive: true, mode: 0o700 });
    rmSync(`${sshKey}.pub`, { force: true });
    await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'letterbox demo', '-f', sshKey]);
  }
  const publicKey = readFileSync(`${sshKey}.pub`, 'utf8').trim();
  return {
    ...config,
    box: {
      ...config.box,
      admin: { ...config.box.admin, passwordHash: await hashPassword(password) },
      sshKeys: [publicKey],
    },
  };
}

export function seedOf(compiled: Compiled): Uint8Array {
  const seed = compiled.bootFiles.find(({ path: name }) => name === 'seed.iso');
  return Buffer.from(seed?.content ?? '');
}

function mailTo(email: string, subject: string): string {
  return [
    `From: Letterbox demo <${email}>`,
    `To: <${email}>`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'This mail was submitted on port 587, signed, delivered and read back over IMAPS.',
    '',
  ].join('\n');
}

async function waitFor<T>(look: () => Promise<T | undefined>, seconds: number): Promise<T> {
  for (let waited = 0; waited < seconds; waited += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(1000);
  }
  throw new Error(`the mail did not arrive within ${seconds} s`);
}
