/** Netstrings (`5:hello,`), in which socketmap requests and replies travel. */

/** The peer does not speak netstrings, or wants to send too much. */
export class NotANetstring extends Error {
  override readonly name = 'NotANetstring';
}

export function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`;
}

/** Cuts a stream of bytes into netstrings; what is not whole yet is kept. */
export class NetstringReader {
  #rest: Buffer = Buffer.alloc(0);

  /** `longest`: bytes of content that a netstring may have. */
  constructor(private readonly longest: number) {}

  /** The content of each netstring that is now whole. @throws NotANetstring */
  read(bytes: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const found: string[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) found.push(next);
    return found;
  }

  #next(): string | undefined {
    const digits = String(this.longest).length;
    const colon = this.#rest.indexOf(':');
    // No leading zeros: each text has one form.
    const head = this.#rest.toString('latin1', 0, colon === -1 ? digits + 1 : colon);
    if (
      colon === -1 ? !/^(?:|0|[1-9]\d*)$/.test(head) || head.length > digits : !/^(?:0|[1-9]\d*)$/.test(head)
    )
      throw new NotANetstring('no length');
    if (colon === -1) return undefined;
    const length = Number(head);
    if (head.length > digits || length > this.longest) throw new NotANetstring(`longer than ${this.longest}`);
    const end = colon + 1 + length;
    if (this.#rest.length <= end) return undefined;
    if (this.#rest[end] !== 0x2c) throw new NotANetstring('no comma at the end');
    const content = this.#rest.toString('utf8', colon + 1, end);
    this.#rest = this.#rest.subarray(end + 1);
    return content;
  }
}
