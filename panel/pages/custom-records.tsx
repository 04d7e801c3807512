/** The owner's own DNS records: added and removed, each with the way back. */
import type { CustomRecord } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { complain } from '../parts/complain.ts';
import { Form } from '../parts/form.tsx';
import { filled, words } from '../words/spoken.ts';

type Shown = Pick<CustomRecord, 'qname' | 'rtype' | 'value'>;
interface Props {
  readonly custom: readonly CustomRecord[];
  readonly again: () => Promise<void>;
}

const types = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'CAA', 'SSHFP', 'TLSA'];

export function CustomRecords({ custom, again }: Props) {
  const { dns: said } = words();
  const nameOf = ({ rtype, qname }: Shown) => filled(said.ofName, { type: rtype, name: qname });
  const put = async (method: 'POST' | 'DELETE', record: Shown) => {
    const { qname, rtype, value } = record;
    const told = await ask(`${method} /dns/custom/${encodeURIComponent(qname)}/${rtype}`, { body: value });
    await again();
    const text = filled(method === 'POST' ? said.added : said.removed, { record: nameOf(record) });
    return told.trim() === 'OK'
      ? { text: `${text} ${said.noChange}` }
      : { text, told: told.trim().replaceAll('\n', '. ') };
  };
  const add = async ({ qname = '', rtype = 'A', value = '' }: Readonly<Record<string, string>>) => {
    const record = { qname: qname.trim().toLowerCase(), rtype, value: value.trim() };
    const { text, ...more } = await put('POST', record);
    say(text, { ...more, undo: () => put('DELETE', record) });
  };
  const remove = async (record: Shown) => {
    try {
      const { text, ...more } = await put('DELETE', record);
      say(text, { ...more, undo: () => put('POST', record) });
    } catch (error) {
      complain(error);
    }
  };
  return (
    <section>
      <h2>{said.own}</h2>
      {custom.length === 0 && <p>{said.noneOfYours}</p>}
      <ul class="rows records">
        {custom.map((record) => (
          <li key={`${record.qname} ${record.rtype} ${record.value}`}>
            <div class="what">
              <strong>{record.qname}</strong> <span class="tag">{record.rtype}</span>
              <code>{record.value}</code>
            </div>
            <div class="buttons">
              <button type="button" class="small" onClick={() => remove(record)}>
                {said.remove}
                <span class="unseen"> {nameOf(record)}</span>
              </button>
            </div>
          </li>
        ))}
      </ul>
      <details>
        <summary>
          <h3>{said.addOne}</h3>
        </summary>
        <Form
          action={said.add}
          submit={add}
          fields={[
            {
              name: 'qname',
              label: said.name,
              required: true,
              hint: said.nameHint,
            },
            {
              name: 'rtype',
              label: said.type,
              type: 'choice',
              choices: types,
              value: 'A',
              speaksOf: /type/i,
            },
            { name: 'value', label: said.value, required: true, speaksOf: /value|address/i },
          ]}
        />
      </details>
    </section>
  );
}
