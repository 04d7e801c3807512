/** What an archive has, read out of its `Packages` indices: each version of each package, and in which suite. */
import type { LockedPackage } from '../../lock/lock.ts';

export interface Offer extends LockedPackage {
  readonly suite: string;
  /** Its paragraph. */
  readonly record: string;
}

export class Offers {
  readonly #byName = new Map<string, Offer[]>();

  /** Takes an index of a suite in. */
  add(suite: string, index: string): void {
    for (const record of index.split(/\n\n+/)) {
      const name = field(record, 'Package');
      if (name === undefined) continue;
      const offer = {
        name,
        version: field(record, 'Version') ?? '',
        architecture: field(record, 'Architecture') ?? '',
        sha256: field(record, 'SHA256') ?? '',
        suite,
        record,
      };
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [offer]);
      else known.push(offer);
    }
  }

  of(name: string): readonly Offer[] {
    return this.#byName.get(name) ?? [];
  }

  /** One version, in whatever suite. */
  find(name: string, version: string): Offer | undefined {
    return this.of(name).find((offer) => offer.version === version);
  }
}

function field(record: string, name: string): string | undefined {
  const start = record.startsWith(`${name}: `) ? 0 : record.indexOf(`\n${name}: `) + 1;
  if (start === 0 && !record.startsWith(`${name}: `)) return undefined;
  const end = record.indexOf('\n', start);
  return record.slice(start + name.length + 2, end === -1 ? undefined : end).trim();
}
