/** The owner's own DNS records: added and removed, each with the way back. */
import type { CustomRecord } from '../../contract/api.ts';
import { ask, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';

type Shown = Pick<CustomRecord, 'qname' | 'rtype' | 'value'>;
interface Props {
  readonly custom: readonly CustomRecord[];
  readonly again: () => Promise<void>;
}

const types = ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'CAA', 'SSHFP', 'TLSA'];

export function CustomRecords({ custom, again }: Props) {
  const put = async (method: 'POST' | 'DELETE', { qname, rtype, value }: Shown) => {
    const said = await ask(`${method} /dns/custom/${encodeURIComponent(qname)}/${rtype}`, { body: value });
    await again();
    return `${method === 'POST' ? 'Added' : 'Removed'} ${rtype} of ${qname}. ${said.trim() === 'OK' ? 'Nothing changed by it.' : said.trim().replaceAll('\n', '. ')}`;
  };
  const add = async ({ qname = '', rtype = 'A', value = '' }: Readonly<Record<string, string>>) => {
    const record = { qname: qname.trim().toLowerCase(), rtype, value: value.trim() };
    say(await put('POST', record), { undo: () => put('DELETE', record) });
  };
  const remove = async (record: Shown) => {
    try {
      say(await put('DELETE', record), { undo: () => put('POST', record) });
    } catch (error) {
      say(reasonOf(error), { bad: true });
    }
  };
  return (
    <section>
      <h2>Your own records</h2>
      {custom.length === 0 && <p>There are none beside those that the box makes.</p>}
      <ul class="rows records">
        {custom.map((record) => (
          <li key={`${record.qname} ${record.rtype} ${record.value}`}>
            <div class="what">
              <strong>{record.qname}</strong> <span class="tag">{record.rtype}</span>
              <code>{record.value}</code>
            </div>
            <div class="buttons">
              <button type="button" class="small" onClick={() => remove(record)}>
                Remove<span class="unseen">{` ${record.rtype} of ${record.qname}`}</span>
              </button>
            </div>
          </li>
        ))}
      </ul>
      <details>
        <summary>
          <h3>Add a record</h3>
        </summary>
        <Form
          action="Add record"
          submit={add}
          fields={[
            {
              name: 'qname',
              label: 'Name',
              required: true,
              hint: 'The whole name, such as www.example.com.',
            },
            { name: 'rtype', label: 'Type', type: 'choice', choices: types, value: 'A', speaksOf: /type/i },
            { name: 'value', label: 'Value', required: true, speaksOf: /value|address/i },
          ]}
        />
      </details>
    </section>
  );
}
