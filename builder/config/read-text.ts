/** Reads a config file as text: bounded, UTF-8, without characters that editors hide. */
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { ConfigError, type Place } from './problem.ts';

/** A config has a few dozen lines; what is larger is something else. */
const limit = 1024 * 1024;

/** @throws ConfigError when there is no such text. */
export function readText(file: string): string {
  const bytes = readBytes(file);
  if (bytes.length > limit) fail({ file }, 'is larger than 1 MiB', 'name a box.yaml; example.yaml shows one');
  if (!isUtf8(bytes)) fail(firstBadByte(file, bytes), 'is not UTF-8 text', 'save the file in UTF-8');
  // The decoder takes a byte order mark away.
  const text = new TextDecoder().decode(bytes);
  // Bare carriage returns would make lines that editors count and YAML does not.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const hidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/.exec(text);
  if (hidden !== null) {
    const code = hidden[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const remedy = hidden[0] === '\r' ? 'end lines with LF or CRLF' : 'remove it';
    fail(placeIn(file, text.slice(0, hidden.index)), `has a control character, U+${code}`, remedy);
  }
  return text;
}

/** At most one byte more than the limit, so that an endless file does no harm. */
function readBytes(file: string): Buffer {
  const buffer = Buffer.alloc(limit + 1);
  let length = 0;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    for (;;) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } catch (error) {
    return fail({ file }, ...reason(error as NodeJS.ErrnoException));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function reason({ code, message }: NodeJS.ErrnoException): [rule: string, remedy: string] {
  if (code === 'ENOENT') return ['there is no such file', 'begin with a copy of example.yaml'];
  if (code === 'EISDIR') return ['is a folder', 'name the file in it, for example box.yaml'];
  if (code === 'EACCES') return ['may not be read', 'give yourself the permission to read it'];
  return [`can't be read (${code ?? message})`, 'name a box.yaml; example.yaml shows one'];
}

/** Goes from character to character until one is not whole. */
function firstBadByte(file: string, bytes: Buffer): Place {
  let line = 1;
  let column = 1;
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) break;
    column += length === 4 ? 2 : 1;
    if (lead === 0x0a) [line, column] = [line + 1, 1];
    at += length;
  }
  return { file, line, column };
}

function placeIn(file: string, before: string): Place {
  const lines = before.split('\n');
  return { file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function fail(place: Place, rule: string, remedy: string): never {
  throw new ConfigError([{ place, key: '', rule, remedy }]);
}
