/** One small file by HTTPS, in a time and of a size that are bounded: whoever has it may be slow, huge or hostile. */
import type { IncomingMessage } from 'node:http';

export interface WantedText {
  readonly host: string;
  readonly port: number;
  /** Encoded. */
  readonly path: string;
  readonly accept: string;
  /** PEM certificates of the authorities that count. */
  readonly ca: string;
  /** Milliseconds for all of it: a byte now and then is no answer. */
  readonly patience: number;
  readonly mostBytes: number;
  /** Why an answer is none, by its head. */
  readonly faultOf: (head: IncomingMessage) => string | undefined;
}

/** @throws Error saying what is wrong */
export async function fetchText(wanted: WantedText): Promise<Buffer> {
  const { host, port, path, accept, ca, patience, mostBytes, faultOf } = wanted;
  // It takes longer to load than most that asks for nothing.
  const { request } = await import('node:https');
  return new Promise((resolve, reject) => {
    const headers = { accept };
    const asked = request({ host, port, path, headers, ca, minVersion: 'TLSv1.2', agent: false });
    const giveUp = (error: Error) => {
      reject(error);
      asked.destroy();
    };
    const timer = setTimeout(() => giveUp(new Error(`no whole answer after ${patience / 1000} s`)), patience);
    asked.on('close', () => clearTimeout(timer));
    asked.on('error', reject);
    asked.on('response', (head) => {
      const fault = faultOf(head);
      if (fault !== undefined) giveUp(new Error(fault));
      const parts: Buffer[] = [];
      let bytes = 0;
      head.on('data', (part: Buffer) => {
        parts.push(part);
        bytes += part.length;
        if (bytes > mostBytes) giveUp(new Error(`longer than ${mostBytes} bytes`));
      });
      head.on('error', reject);
      head.on('end', () => resolve(Buffer.concat(parts)));
    });
    asked.end();
  });
}
