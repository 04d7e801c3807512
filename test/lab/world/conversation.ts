/** An SMTP conversation, byte by byte: what a well-behaved client could not be made to say. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Account, Server } from '../../rig/mail.ts';

/** One reply of the server: its code, and its lines as they came. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

/** How long a server may be silent before that is its answer. */
const patience = 60_000;

export class Conversation {
  #received = Buffer.alloc(0);
  #closed = false;
  readonly #child: ChildProcess;

  /** `silent`: don't wait for the greeting. */
  static async open(
    server: Server,
    port: number,
    { tls = false, silent = false } = {},
  ): Promise<Conversation> {
    const address = [server.host, String(server.port(port))];
    // Not verified: who the server is, other tests look at.
    const openssl = ['openssl', 's_client', '-quiet', '-starttls', 'smtp', '-connect', address.join(':')];
    const program = tls ? openssl : ['nc', ...address];
    const conversation = new Conversation([...(server.prefix ?? []), ...program]);
    // s_client itself reads the greeting and says EHLO and STARTTLS.
    if (!tls && !silent) await conversation.reply();
    return conversation;
  }

  /** Opens a connection from this address of the client's host, and gives the greeting with it. */
  static async from(client: string, server: Server, port: number): Promise<[Conversation, Reply]> {
    const address = ['-s', client, server.host, String(server.port(port))];
    const conversation = new Conversation([...(server.prefix ?? []), 'nc', ...address]);
    return [conversation, await conversation.reply()];
  }

  private constructor([program = '', ...args]: readonly string[]) {
    // Dies with the test process (prctl(2), PR_SET_PDEATHSIG).
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args]);
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
    this.#child.stdout?.once('end', () => {
      this.#closed = true;
    });
    this.#child.stderr?.resume();
    this.#child.stdin?.on('error', () => {});
  }

  /** Sends bytes as they are. */
  async raw(bytes: string | Buffer): Promise<void> {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    // A server that hung up is told by the next reply, not here.
    await new Promise<void>((resolve) => this.#child.stdin?.write(data, () => resolve()));
  }

  /** Says one line and gives the reply to it. */
  async say(line: string | Buffer): Promise<Reply> {
    await this.raw(Buffer.concat([Buffer.from(line), Buffer.from('\r\n')]));
    return this.reply();
  }

  /** The next reply; code 0 where the server hung up instead. */
  async reply(): Promise<Reply> {
    const end = Date.now() + patience;
    for (;;) {
      const text = this.#received.toString('latin1');
      const found = /^(?:\d{3}-.*\r?\n)*(\d{3})(?: .*)?\r?\n/.exec(text);
      if (found !== null) {
        this.#received = this.#received.subarray(found[0].length);
        return { code: Number(found[1]), text: found[0].trimEnd() };
      }
      if (this.#closed) return { code: 0, text: `the server hung up after: ${text}` };
      if (Date.now() > end) throw new Error(`no reply in ${patience / 1000} s; so far: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** EHLO and, for port 587, the log-in. */
  async begin(account?: Account): Promise<Reply> {
    const hello = await this.say('EHLO client.outside.example');
    if (account === undefined) return hello;
    const secret = Buffer.from(`\0${account.email}\0${account.password}`).toString('base64');
    return this.say(`AUTH PLAIN ${secret}`);
  }

  /** One whole mail: the reply that settled its fate. */
  async mail(from: string, to: string, message: string | Buffer): Promise<Reply> {
    for (const line of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA']) {
      const reply = await this.say(line);
      if (reply.code >= 400 || reply.code === 0) return reply;
    }
    await this.raw(message);
    await this.raw('\r\n.\r\n');
    return this.reply();
  }

  /** Says QUIT and gives all replies until the server hangs up. */
  async quit(): Promise<Reply[]> {
    this.#child.stdin?.end('QUIT\r\n');
    const replies: Reply[] = [];
    for (;;) {
      const reply = await this.reply();
      if (reply.code === 0) break;
      replies.push(reply);
    }
    this.close();
    return replies;
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
