/** Other name servers that get the zones from the box: the whole list at once, with the way back. */
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';

interface Props {
  readonly entries: readonly string[];
  readonly again: () => Promise<void>;
}

export function Secondaries({ entries, again }: Props) {
  const put = async (hostnames: string) => {
    const told = (await ask('POST /dns/secondary-nameserver', { form: { hostnames } })).trim();
    await again();
    return `Saved the secondary name servers; ${told === 'OK' ? 'no zone changed by it' : told}.`;
  };
  return (
    <details>
      <summary>
        <h2>Secondary name servers ({entries.length})</h2>
      </summary>
      <p>
        Servers of somebody else that answer for your zones too, and go on while this box is down. They fetch
        the zones from here.
      </p>
      <Form
        action="Save servers"
        fields={[
          {
            name: 'hostnames',
            label: 'Servers',
            type: 'lines',
            value: entries.join('\n'),
            hint: 'Host names, one a line. xfr: and an address or network lets it fetch the zones without being named in them; tsig: before either demands a key, which the command box dns secondary list shows.',
            speaksOf: /./,
          },
        ]}
        submit={async ({ hostnames = '' }) => {
          const said = await put(hostnames);
          say(said, { undo: () => put(entries.join('\n')) });
        }}
      />
    </details>
  );
}
