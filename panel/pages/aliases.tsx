/** Aliases: the owner's own, and those that the box makes by itself. */

import { useState } from 'preact/hooks';
import type { Alias } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { complain } from '../parts/complain.ts';
import { Dialog } from '../parts/dialog.tsx';
import type { FieldProps } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { filled, words } from '../words/spoken.ts';

const fieldsFor = (alias?: Alias): FieldProps[] => [
  ...(alias
    ? []
    : [
        {
          name: 'address',
          label: words().aliases.alias,
          required: true,
          hint: words().aliases.aliasHint,
        } as const,
      ]),
  {
    name: 'forwards_to',
    label: words().aliases.goesTo,
    type: 'lines',
    required: alias === undefined,
    hint: words().aliases.goesToHint,
    value: alias?.forwards_to.join('\n') ?? '',
    speaksOf: /lead|destination|circle|forward/i,
  },
  {
    name: 'permitted_senders',
    label: words().aliases.senders,
    type: 'lines',
    hint: words().aliases.sendersHint,
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
  const { aliases: said } = words();
  const loaded = useLoaded(() => askJson('GET /mail/aliases?format=json'));
  const [edited, setEdited] = useState<Alias>();

  const drop = async (address: string) => {
    await ask('POST /mail/aliases/remove', { form: { address } });
    await loaded.again();
    return filled(said.removed, { address });
  };
  const add = async (given: Readonly<Record<string, string>>) => {
    const address = (given.address ?? '').trim();
    await put({ ...given, address }, loaded.again, false);
    say(filled(said.added, { address }), { undo: () => drop(address) });
  };
  const change = async (alias: Alias, given: Readonly<Record<string, string>>) => {
    await put({ ...given, address: alias.address }, loaded.again, true);
    setEdited(undefined);
    say(filled(said.changed, alias), {
      undo: async () => {
        await put(formOf(alias), loaded.again, true);
        return filled(said.asItWas, alias);
      },
    });
  };
  const remove = async (alias: Alias) => {
    try {
      say(await drop(alias.address), {
        undo: async () => {
          await put(formOf(alias), loaded.again, false);
          return filled(said.isBack, alias);
        },
      });
    } catch (error) {
      complain(error);
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
        <h2>{said.addOne}</h2>
        <Form action={said.add} submit={add} fields={fieldsFor()} />
      </section>
      {edited && (
        <Dialog
          title={filled(said.one, { address: edited.address_display })}
          close={() => setEdited(undefined)}
        >
          <Form
            action={said.change}
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
  const { aliases: said } = words();
  const { address_display: shown, forwards_to, permitted_senders, auto } = alias;
  return (
    <li>
      <div class="what">
        <strong>{shown}</strong>
        {auto && <span class="tag">{said.byTheBox}</span>}
        <p class="soft">
          {forwards_to.length > 0
            ? filled(said.leadsTo, { addresses: forwards_to.join(', ') })
            : said.takesNone}
          {permitted_senders && `; ${filled(said.maySend, { addresses: permitted_senders.join(', ') })}`}
        </p>
      </div>
      {!auto && (
        <div class="buttons">
          <button type="button" class="small" onClick={edit}>
            {said.edit}
            <span class="unseen"> {shown}</span>
          </button>
          <button type="button" class="small" onClick={remove}>
            {said.remove}
            <span class="unseen"> {shown}</span>
          </button>
        </div>
      )}
    </li>
  );
}
