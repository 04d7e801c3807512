/** Aliases: the owner's own, and those that the box makes by itself. */

import { useState } from 'preact/hooks';
import type { Alias } from '../../contract/api.ts';
import { ask, askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { FieldProps } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';

const fieldsFor = (alias?: Alias): FieldProps[] => [
  ...(alias
    ? []
    : [
        {
          name: 'address',
          label: 'Alias',
          required: true,
          hint: 'An address, or @domain for every address there that has no account.',
        } as const,
      ]),
  {
    name: 'forwards_to',
    label: 'Mail goes to',
    type: 'lines',
    required: alias === undefined,
    hint: 'Addresses, one a line.',
    value: alias?.forwards_to.join('\n') ?? '',
    speaksOf: /lead|destination|circle|forward/i,
  },
  {
    name: 'permitted_senders',
    label: 'Who may send as it',
    type: 'lines',
    hint: 'Accounts, one a line; none: the accounts that its mail goes to.',
    value: alias?.permitted_senders?.join('\n') ?? '',
    speaksOf: /sender|send as/i,
  },
];

async function put(
  form: Readonly<Record<string, string>>,
  again: () => Promise<void>,
  update: boolean,
): Promise<void> {
  await ask('POST /mail/aliases/add', { form: { ...form, update_if_exists: update ? '1' : '' } });
  await again();
}
const formOf = ({ address, forwards_to, permitted_senders }: Alias) => ({
  address,
  forwards_to: forwards_to.join('\n'),
  permitted_senders: permitted_senders?.join('\n') ?? '',
});

export function Aliases() {
  const loaded = useLoaded(() => askJson('GET /mail/aliases?format=json'));
  const [edited, setEdited] = useState<Alias>();

  const drop = async (address: string) => {
    await ask('POST /mail/aliases/remove', { form: { address } });
    await loaded.again();
    return `Removed the alias ${address}.`;
  };
  const add = async (given: Readonly<Record<string, string>>) => {
    const address = (given.address ?? '').trim();
    await put({ ...given, address }, loaded.again, false);
    say(`Added the alias ${address}.`, { undo: () => drop(address) });
  };
  const change = async (alias: Alias, given: Readonly<Record<string, string>>) => {
    await put({ ...given, address: alias.address }, loaded.again, true);
    setEdited(undefined);
    say(`Changed the alias ${alias.address}.`, {
      undo: async () => {
        await put(formOf(alias), loaded.again, true);
        return `The alias ${alias.address} is as it was.`;
      },
    });
  };
  const remove = async (alias: Alias) => {
    try {
      say(await drop(alias.address), {
        undo: async () => {
          await put(formOf(alias), loaded.again, false);
          return `The alias ${alias.address} is back.`;
        },
      });
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
  };
  return (
    <>
      {loaded.data === undefined ? (
        <Waiting of={loaded} />
      ) : (
        loaded.data.map(({ domain, aliases }) => (
          <section key={domain}>
            <h2>{domain}</h2>
            <ul class="rows">
              {aliases.map((alias) => (
                <Row
                  key={alias.address}
                  alias={alias}
                  edit={() => setEdited(alias)}
                  remove={() => remove(alias)}
                />
              ))}
            </ul>
          </section>
        ))
      )}
      <section>
        <h2>Add an alias</h2>
        <Form action="Add alias" submit={add} fields={fieldsFor()} />
      </section>
      {edited && (
        <Dialog title={`Alias ${edited.address_display}`} close={() => setEdited(undefined)}>
          <Form
            action="Change alias"
            cancel={() => setEdited(undefined)}
            submit={(given) => change(edited, given)}
            fields={fieldsFor(edited)}
          />
        </Dialog>
      )}
    </>
  );
}

function Row({ alias, edit, remove }: { alias: Alias; edit: () => void; remove: () => void }) {
  const { address_display: shown, forwards_to, permitted_senders, auto } = alias;
  return (
    <li>
      <div class="what">
        <strong>{shown}</strong>
        {auto && <span class="tag">made by the box</span>}
        <p class="soft">
          {forwards_to.length > 0 ? `goes to ${forwards_to.join(', ')}` : 'takes no mail'}
          {permitted_senders && `; ${permitted_senders.join(', ')} may send as it`}
        </p>
      </div>
      {!auto && (
        <div class="buttons">
          <button type="button" class="small" onClick={edit}>
            Edit<span class="unseen"> {shown}</span>
          </button>
          <button type="button" class="small" onClick={remove}>
            Remove<span class="unseen"> {shown}</span>
          </button>
        </div>
      )}
    </li>
  );
}
