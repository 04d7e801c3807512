/**
 * Reads the expressions of a launch module as OpenTofu's language reference has them ("Strings and Templates", "References to Values",
 * "Function Calls"), as far as the modules use them; anything else is an error, so that no test passes by leaving something out.
 */

/** What is known only when something was made. */
export const unknown = Symbol('known after apply');

export interface Scope {
  /** `var.image`, `local.user_data`, `hcloud_volume.state.id`: undefined where there is none. */
  readonly look: (path: readonly string[]) => unknown;
  readonly file: (name: string) => string;
}

/** A string of the JSON syntax: an expression alone keeps its type, any other is text. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return new Reader(value, scope).template();
  if (Array.isArray(value)) return value.map((one) => evaluate(one, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evaluate(one, scope)]));
}

/** Every name that a value refers to. */
export function namesIn(value: unknown): string[][] {
  const names: string[][] = [];
  evaluate(value, {
    look: (path) => {
      names.push([...path]);
      return unknown;
    },
    file: () => '',
  });
  return names;
}

const functions: Readonly<Record<string, (scope: Scope, ...args: readonly unknown[]) => unknown>> = {
  file: (scope, name) => scope.file(String(name)),
  sensitive: (_, value) => value,
  replace: (_, text, part, by) => {
    // "If substring is wrapped in forward slashes, it is treated as a regular expression."
    if (/^\/.*\/$/.test(String(part))) throw new Error(`${String(part)} would be a regular expression`);
    return String(text).replaceAll(String(part), String(by));
  },
  // Of a /64 that ends in zeros, which is what the provider gives.
  cidrhost: (_, prefix, host) => {
    const [, network] = /^([0-9a-f:]+)::\/64$/.exec(String(prefix)) ?? [];
    if (network === undefined) throw new Error(`cidrhost of ${String(prefix)}`);
    return `${network}::${Number(host).toString(16)}`;
  },
};

class Reader {
  #at = 0;
  readonly #text: string;
  readonly #scope: Scope;

  constructor(text: string, scope: Scope) {
    this.#text = text;
    this.#scope = scope;
  }

  template(end?: '"'): unknown {
    const parts: unknown[] = [];
    while (this.#at < this.#text.length && !(end !== undefined && this.#text[this.#at] === end)) {
      if (this.#take('${')) {
        parts.push(this.#expression());
        this.#need('}');
      } else if (this.#text.startsWith('%{', this.#at)) throw new Error(`a directive in ${this.#text}`);
      else parts.push(this.#letter(end !== undefined));
    }
    if (parts.length === 1 && typeof parts[0] !== 'string') return parts[0];
    return parts.includes(unknown) ? unknown : parts.map(String).join('');
  }

  /** In JSON the text is what it is; within an expression `\n` and the like are escapes. */
  #letter(quoted: boolean): string {
    const letter = this.#text[this.#at++] ?? '';
    if (!quoted || letter !== '\\') return letter;
    const escaped = this.#text[this.#at++] ?? '';
    const meant = { n: '\n', t: '\t', '"': '"', '\\': '\\' }[escaped];
    if (meant === undefined) throw new Error(`\\${escaped} in ${this.#text}`);
    return meant;
  }

  #expression(): unknown {
    this.#space();
    if (this.#take('"')) {
      const text = this.template('"');
      this.#need('"');
      return text;
    }
    const [number] = this.#match(/\d+/y);
    if (number !== undefined) return Number(number);
    const [name] = this.#match(/[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/y);
    if (name === undefined) throw new Error(`no expression at ${this.#at} of ${this.#text}`);
    if (this.#take('(')) return this.#call(name);
    if (name === 'true' || name === 'false') return name === 'true';
    const found = this.#scope.look(name.split('.'));
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  }

  #call(name: string): unknown {
    const made = functions[name];
    if (made === undefined) throw new Error(`the function ${name} is not known here`);
    const args: unknown[] = [];
    do args.push(this.#expression());
    while (this.#take(','));
    this.#need(')');
    return args.includes(unknown) ? unknown : made(this.#scope, ...args);
  }

  #match(pattern: RegExp): readonly (string | undefined)[] {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return [];
    this.#at = pattern.lastIndex;
    return found;
  }

  #space(): void {
    this.#match(/ */y);
  }

  #take(token: string): boolean {
    if (token !== '${') this.#space();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #need(token: string): void {
    if (!this.#take(token)) throw new Error(`${token} is missing at ${this.#at} of ${this.#text}`);
  }
}
