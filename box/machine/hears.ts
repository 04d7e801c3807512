/** Asks a service of this machine what it is there for, and listens for the beginning of an answer. Part of `Machine`. */
import { connect } from 'node:net';

export interface Question {
  /** A port, of the loopback address where no other is named; or a socket in the file system. */
  readonly at: { readonly port: number; readonly host?: string } | { readonly path: string };
  readonly tls?: true;
  /** Each character is a byte. Absent: it speaks first. */
  readonly say?: string;
  readonly hear: RegExp;
}

/** More than the beginning of any answer. */
const mostBytes = 65_536;

export async function hears({ at, tls: isTls, say, hear }: Question, milliseconds: number): Promise<boolean> {
  const tls = isTls ? await import('node:tls') : undefined;
  return new Promise((resolve) => {
    const place = 'path' in at ? at : { host: '127.0.0.1', ...at };
    // Whoever it is, no secret is said.
    const socket = tls ? tls.connect({ ...place, rejectUnauthorized: false }) : connect(place);
    let heard = '';
    const settle = (answer: boolean) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => settle(false), milliseconds);
    socket.on('error', () => settle(false));
    socket.once('close', () => settle(false));
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      if (say !== undefined) socket.write(say, 'latin1');
    });
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard += text;
      if (hear.test(heard)) settle(true);
      else if (heard.length > mostBytes) settle(false);
    });
  });
}
