/** Other name servers that get the zones from the box: the whole list at once, with the way back. */
import { ask } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { filled, words } from '../words/spoken.ts';

interface Props {
  readonly entries: readonly string[];
  readonly again: () => Promise<void>;
}

export function Secondaries({ entries, again }: Props) {
  const { dns: said } = words();
  const put = async (hostnames: string) => {
    const told = (await ask('POST /dns/secondary-nameserver', { form: { hostnames } })).trim();
    await again();
    return told === 'OK'
      ? { text: `${said.saved} ${said.noChange}` }
      : { text: said.saved, told: `${told}.` };
  };
  return (
    <details>
      <summary>
        <h2>{filled(said.secondaries, { count: entries.length })}</h2>
      </summary>
      <p>{said.secondariesText}</p>
      <Form
        action={said.save}
        fields={[
          {
            name: 'hostnames',
            label: said.servers,
            type: 'lines',
            value: entries.join('\n'),
            hint: said.serversHint,
            speaksOf: /./,
          },
        ]}
        submit={async ({ hostnames = '' }) => {
          const { text, ...more } = await put(hostnames);
          say(text, { ...more, undo: () => put(entries.join('\n')) });
        }}
      />
    </details>
  );
}
