/**
 * Program: `pour.ts HOST PORT COUNT CONNECTIONS PAUSE FROM TO` sends COUNT small mails over many connections at once, with PAUSE
 * milliseconds between two mails of each, numbered in their subjects, and goes on until each was taken, whatever happens to the server meanwhile. FROM `<>` is nobody.
 *
 * Prints a line for each event: `accepted N` once the server said 250 to a whole mail; `unsure N` when the connection
 * ended after the whole mail was sent and before any answer, so that the mail is sent again and may arrive twice.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [host = '', port = '', count = '', connections = '', pause = '', from = '', to = ''] =
  process.argv.slice(2);
let next = 0;

/** Takes one number after the other, and holds on to it until its mail was accepted. */
async function work(): Promise<void> {
  let session: Session | undefined;
  while (next < Number(count)) {
    const number = next++;
    for (let accepted = false; !accepted; ) {
      try {
        session ??= await Session.open();
        await session.mail(number);
        accepted = true;
        console.log(`accepted ${number}`);
        await sleep(Number(pause));
      } catch (error) {
        if (error instanceof Unsure) console.log(`unsure ${number}`);
        session?.end();
        session = undefined;
        await sleep(300);
      }
    }
  }
  session?.end();
}

class Unsure extends Error {}

/** One SMTP connection (RFC 5321). */
class Session {
  #received = '';
  #wake: () => void = () => undefined;
  #over = false;

  private constructor(private readonly socket: Socket) {
    socket.setTimeout(120_000, () => socket.destroy());
    // A host that is off says nothing, and the kernel asks it ever less often.
    const opening = setTimeout(() => socket.destroy(), 5_000);
    for (const event of ['connect', 'close'] as const) socket.once(event, () => clearTimeout(opening));
    socket.on('data', (bytes) => {
      this.#received += bytes.toString('latin1');
      this.#wake();
    });
    for (const event of ['close', 'error'] as const)
      socket.on(event, () => {
        this.#over = true;
        this.#wake();
      });
  }

  static async open(): Promise<Session> {
    const session = new Session(connect(Number(port), host));
    await session.#expect('220');
    await session.#say('EHLO client.outside.example', '250');
    return session;
  }

  async mail(number: number): Promise<void> {
    await this.#say(`MAIL FROM:${from === '<>' ? from : `<${from}>`}`, '250');
    await this.#say(`RCPT TO:<${to}>`, '250');
    await this.#say('DATA', '354');
    const header = [
      'From: pourer@client.outside.example',
      `To: ${to}`,
      `Message-ID: <${number}.pour@client.outside.example>`,
    ];
    const text = [...header, `Subject: pour ${number} end`, '', `Mail number ${number}.`, '.'];
    try {
      await this.#say(text.join('\r\n'), '250');
    } catch (error) {
      throw this.#over && this.#received === '' ? new Unsure() : error;
    }
  }

  end(): void {
    this.socket.destroy();
  }

  async #say(line: string, code: string): Promise<void> {
    this.#received = '';
    this.socket.write(`${line}\r\n`);
    await this.#expect(code);
  }

  /** Waits for a whole reply: its last line has a blank after the code. */
  async #expect(code: string): Promise<void> {
    for (;;) {
      const last = /(?:^|\r\n)(\d{3}) [^\r\n]*\r\n$/.exec(this.#received)?.[1];
      if (last === code) return;
      if (last !== undefined) throw new Error(this.#received);
      if (this.#over) throw new Error('the connection ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

await Promise.all(Array.from({ length: Number(connections) }, work));
