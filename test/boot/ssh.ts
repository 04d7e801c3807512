/** OpenSSH's client against one box: the host keys it saw first are the only ones it takes from then on. */
import path from 'node:path';
import { type Outcome, outcome } from '../rig/program.ts';
import { patience, waitFor } from '../rig/wait.ts';

export class SshClient {
  constructor(
    readonly host: string,
    readonly port: number,
    readonly key: string,
    readonly folder: string,
    /** Puts the client into another network namespace. */
    readonly prefix: readonly string[] = [],
  ) {}

  argv(script: string): string[] {
    const options = [
      `UserKnownHostsFile=${path.join(this.folder, 'known_hosts')}`,
      'StrictHostKeyChecking=accept-new',
      'GlobalKnownHostsFile=/dev/null',
      'BatchMode=yes',
      'ConnectTimeout=20',
      'IdentitiesOnly=yes',
      'LogLevel=ERROR',
    ];
    const flags = [
      '-F',
      'none',
      '-p',
      String(this.port),
      '-i',
      this.key,
      ...options.flatMap((option) => ['-o', option]),
    ];
    return [...this.prefix, 'ssh', ...flags, `root@${this.host}`, ...(script === '' ? [] : [script])];
  }

  /** Runs a shell script on the box; its exit code is the caller's to judge (255: ssh itself failed). */
  async outcome(script: string, input: string | Uint8Array = '', seconds = patience): Promise<Outcome> {
    return outcome(this.argv(script), { input, seconds });
  }

  /** Runs a shell script on the box that must exit 0, and gives its output. */
  async run(script: string, input: string | Uint8Array = '', seconds = patience): Promise<string> {
    const { code, stdout, stderr } = await this.outcome(script, input, seconds);
    if (code !== 0)
      throw new Error(
        `on ${this.host}:${this.port}: ${script}\nexited ${code}: ${stderr.trim()}\n${stdout.trim()}`,
      );
    return stdout;
  }

  /** Waits until a log-in works. */
  async ready(seconds: number): Promise<void> {
    await waitFor(
      `ssh to ${this.host}:${this.port}`,
      async () => {
        const { code, stderr } = await this.outcome('true');
        if (/HOST IDENTIFICATION HAS CHANGED|Host key verification failed/.test(stderr))
          throw new Error(stderr);
        return code === 0 ? true : undefined;
      },
      { seconds },
    );
  }
}
