/** Signs one zone after another and verifies what came out; nothing outside of its folder below `/run/box/dns` is touched. */
import type { Image } from '../../contract/settings.ts';
import { dnskeyRecord, type SigningKey } from '../keys/dnssec/key-sets.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { dnsTime, readSigned, type Signed } from './zone.ts';

const day = 86_400_000;
/** Signatures hold so long, and are renewed when a third of it is left. */
const life = 30 * day;
/** A validator's clock may be behind. */
const early = day;

/** A clock that was set right may have gone back a little. */
const slack = day / 24;

type Times = Pick<Signed, 'inception' | 'expiration'>;

/** Whether signatures that end then are to be renewed. */
export function isEnding({ expiration }: Times, now: Date): boolean {
  return expiration.getTime() - now.getTime() < life / 3;
}

/** Whether they begin after now, or end later than any that are made now. */
export function isOfTheFuture({ inception, expiration }: Times, now: Date): boolean {
  return inception > now || expiration.getTime() - now.getTime() > life + slack;
}

export interface Unsigned {
  readonly name: string;
  /** The zone file's text, with its serial. */
  readonly text: string;
  readonly keys: readonly SigningKey[];
}

/** @param folder of this one alone, below `/run/box/dns`: several sign side by side */
export async function makeSigner(machine: Machine, image: Image, folder: string): Promise<Signer> {
  for (const [path, mode] of [
    [paths.run, 0o755],
    [paths.dnsWork, 0o700],
    [folder, 0o700],
  ] as const)
    await machine.putDirectory({ path, mode });
  return new Signer(machine, image, folder);
}

export class Signer {
  /** Keys whose private half is linked here. */
  readonly #linked = new Set<string>();

  constructor(
    private readonly machine: Machine,
    private readonly image: Image,
    private readonly folder: string,
  ) {}

  /** Gives the signed zone's text. @throws Failure when it can't be signed, or is not whole and loadable then. */
  async sign({ name, text, keys }: Unsigned, now: Date): Promise<string> {
    if (keys.length === 0)
      throw new Failure('no key signs this zone', `look at DOMAINS= in ${paths.dnssec}/*.conf`);
    const { machine } = this;
    const unsigned = `${this.folder}/zone`;
    const signed = `${unsigned}.signed`;
    await machine.put({ path: unsigned, mode: 0o600, text });
    const bases: string[] = [];
    for (const key of keys) {
      const base = `${this.folder}/${key.base}`;
      await machine.put({ path: `${base}.key`, mode: 0o600, text: dnskeyRecord(name, key) });
      await this.#link(key, base);
      bases.push(machine.at(base));
    }
    await machine.remove(signed);
    // RFC 9276: no salt, no further iterations, no opt-out.
    const nsec3 = ['-n', '-t', '0'];
    const times = [
      '-i',
      dnsTime(new Date(now.getTime() - early)),
      '-e',
      dnsTime(new Date(now.getTime() + life)),
    ];
    const place = ['-o', name, '-f', machine.at(signed), machine.at(unsigned)];
    await machine.run(['ldns-signzone', ...nsec3, ...times, ...place, ...bases]);
    await machine.run(['ldns-verify-zone', '-t', dnsTime(now), machine.at(signed)]);
    const check = this.image.commands.checkZone.map((word) =>
      word === '{zone}' ? name : word === '{file}' ? machine.at(signed) : word,
    );
    await machine.run(check);
    const result = await machine.read(signed);
    if (result === undefined || readSigned(result) === undefined) {
      throw new Failure('ldns-signzone left no signed zone', 'is the disk of /run full? look: df /run');
    }
    return result;
  }

  /** The private key stays where it is: no copy of it is made. */
  async #link({ base: name }: SigningKey, base: string): Promise<void> {
    if (this.#linked.has(name)) return;
    await this.machine.link(`${base}.private`, this.machine.at(`${paths.dnssec}/${name}.private`));
    this.#linked.add(name);
  }
}
