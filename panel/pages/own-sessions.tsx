/** How many sessions one has at the panel, and the end of all of them. */
import { ask, session } from '../ask.ts';
import { Form } from '../parts/form.tsx';
import { filled, words } from '../words/spoken.ts';

export function OwnSessions({ count }: { readonly count: number }) {
  const { account: said } = words();
  const end = async () => {
    await ask('POST /me/sessions/end');
    session.ended({ text: said.sessionsEnded });
  };
  return (
    <section>
      <h2>{said.sessions}</h2>
      <p>{filled(said.sessionsText, { count })}</p>
      <Form action={said.endSessions} fields={[]} submit={end} />
    </section>
  );
}
