/** One request by HTTPS to a store. Its certificate must be right: the login goes along. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Unreachable } from './store.ts';

export interface Server {
  readonly host: string;
  readonly port: number;
  /** PEM certificates of the authorities that count. */
  readonly ca: string;
}

export interface Question {
  readonly method: string;
  /** With its query, and encoded. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly content?: Readable | string;
}

/** Of silence, in milliseconds: a slow line is none. */
const patience = 60_000;
/** A thousand names fit in; an answer that is larger is read no further. */
const mostBytes = 4 * 1024 * 1024;

/** @throws Failure where there is no answer */
export async function ask({ host, port, ca }: Server, question: Question): Promise<IncomingMessage> {
  const { method, path, headers, content = '' } = question;
  const asked = request({ host, port, ca, method, path, headers, minVersion: 'TLSv1.2', agent: false });
  asked.setTimeout(patience, () => asked.destroy(new Error(`silent for ${patience / 1000} s`)));
  try {
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.on('error', reject);
    });
    if (typeof content === 'string') asked.end(content);
    // Who refuses a file may do so, and hang up, before it has all of it: the answer tells why.
    else await Promise.race([answer, pipeline(content, asked)]);
    return await answer;
  } catch (error) {
    throw unreachable(host, error as NodeJS.ErrnoException);
  }
}

/** The whole of an answer, as text. */
export async function textOf(answer: IncomingMessage, host: string): Promise<string> {
  let text = '';
  try {
    for await (const part of answer.setEncoding('utf8')) {
      text += part;
      if (text.length > mostBytes) throw new Error(`an answer of more than ${mostBytes} bytes`);
    }
  } catch (error) {
    throw unreachable(host, error as NodeJS.ErrnoException);
  }
  return text;
}

function unreachable(host: string, { code = '', message }: NodeJS.ErrnoException): Unreachable {
  return /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|ERR_TLS|ERR_SSL|EPROTO/.test(code)
    ? new Unreachable(
        `${host} does not prove who it is: ${message}`,
        'its certificate must be right for the name in the target; nothing was sent',
      )
    : new Unreachable(`${host} can’t be reached: ${message}`, 'is its name right? Then: box backup run');
}
