/** What may be done to aliases, for the command line and the control panel alike: the rules, the change, what follows. */
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { readSettings } from '../machine/settings-file.ts';
import { type AliasWish, addressIn, aliasOf, refuseNewlyBroken } from '../mail/aliases.ts';
import { type Alias, destinationsOf, type MailData } from '../mail/required-aliases.ts';
import { putAlias, readMailData, removeAlias } from '../mail/users.ts';
import { settle } from './settle.ts';

export interface PutAlias {
  readonly alias: Alias;
  /** Whether there was one before. */
  readonly replaced: boolean;
  /** It is an account too, whose own mailbox gets no new mail. */
  readonly takesMail: boolean;
  readonly zones: readonly string[];
}

/** @param replace in the place of the alias that the source has now */
export function leadAlias(
  machine: Machine,
  wish: AliasWish,
  replace: boolean,
  now?: () => Date,
): Promise<PutAlias> {
  return exclusively(machine, async () => {
    const data = await readMailData(machine);
    const { hostname } = await readSettings(machine);
    const alias = aliasOf(wish, hostname, data);
    const before = data.aliases.find(({ source }) => source === alias.source);
    if (before !== undefined && !replace) {
      throw new Failure(
        `there is an alias already: ${told(before)}`,
        'to change it, say the same with --replace',
      );
    }
    await putAlias(machine, alias);
    const zones = await settle(machine, now);
    return { alias, replaced: before !== undefined, takesMail: takesMailOf(data, alias), zones };
  });
}

export interface DroppedAlias {
  readonly source: string;
  /** The alias that the box makes in its place, since a domain must have it. */
  readonly again?: Alias;
  readonly zones: readonly string[];
}

export function dropAlias(machine: Machine, text: string, now?: () => Date): Promise<DroppedAlias> {
  const source = addressIn(text, 'an alias').toLowerCase();
  return exclusively(machine, async () => {
    const data = await readMailData(machine);
    if (!data.aliases.some((alias) => alias.source === source)) throw unknown(data, source);
    const aliases = data.aliases.filter((alias) => alias.source !== source);
    refuseNewlyBroken((await readSettings(machine)).hostname, data, { ...data, aliases });
    await removeAlias(machine, source);
    const zones = await settle(machine, now);
    const after = await readMailData(machine);
    const again = [...after.aliases, ...after.autoAliases].find((alias) => alias.source === source);
    return { source, zones, ...(again === undefined ? {} : { again }) };
  });
}

/** The alias as a line for people. */
export function told({ source, destination, permittedSenders }: Alias): string {
  const to = destination === '' ? '(nowhere)' : destination.split(',').join(', ');
  const senders = permittedSenders ? `; may be sent as by ${permittedSenders.split(',').join(', ')}` : '';
  return `${source} -> ${to}${senders}`;
}

function takesMailOf({ users }: MailData, alias: Alias): boolean {
  return users.some(({ email }) => email === alias.source) && !destinationsOf(alias).includes(alias.source);
}

function unknown({ autoAliases }: MailData, source: string): Failure {
  return autoAliases.some((alias) => alias.source === source)
    ? new Failure(
        `${source} is an alias that every mail domain must have`,
        `to lead it elsewhere: box alias add ${source} DESTINATION`,
      )
    : new Failure(`there is no alias ${source}`, 'see: box alias list');
}
