/** Records under construction: what the box needs, what its owner wants, then what is missing. Pure. */
import { type DnsRecord, isWithin, type RecordType } from './record.ts';

export class Draft {
  readonly #byName = new Map<string, DnsRecord[]>();
  readonly #aliases: ReadonlySet<string>;
  readonly #cuts: readonly string[];

  constructor(fixed: readonly DnsRecord[], custom: readonly DnsRecord[]) {
    for (const record of [...fixed, ...custom]) this.#put(record);
    this.#aliases = new Set(custom.filter(({ type }) => type === 'CNAME').map(({ name }) => name));
    this.#cuts = custom.filter(({ type }) => type === 'NS').map(({ name }) => name);
  }

  get records(): DnsRecord[] {
    return [...this.#byName.values()].flat();
  }

  #put(record: DnsRecord): void {
    const there = this.#byName.get(record.name);
    if (there === undefined) this.#byName.set(record.name, [record]);
    else there.push(record);
  }

  has(name: string, type: RecordType, start = ''): boolean {
    const there = this.#byName.get(name) ?? [];
    return there.some((record) => record.type === type && plain(record.value).startsWith(plain(start)));
  }

  valuesOf(name: string, type: RecordType): string[] {
    const there = this.#byName.get(name) ?? [];
    return there.filter((record) => record.type === type).map(({ value }) => value);
  }

  /** Adds a default, unless its owner made something else of the name. */
  add(name: string, type: RecordType, value: string, why: string): void {
    if (!this.isTaken(name)) this.#put({ name, type, value, why });
  }

  /** An alias has no other records, and what lies below a delegation is its servers' to say. */
  isTaken(name: string): boolean {
    return name.length > 253 || this.#aliases.has(name) || this.#cuts.some((cut) => isWithin(name, cut));
  }
}

/** Blanks around the first `=` and capitals make no other record of it: `V = spf1`. */
const plain = (value: string) => value.replace(/^(\w+)\s*=\s*/, '$1=').toLowerCase();
