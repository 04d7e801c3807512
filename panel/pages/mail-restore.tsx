/** Mail of one account comes back from a backup: what is looked for, what would come, how far it is, and where it lies then. */
import { useEffect } from 'preact/hooks';
import type { Backup, MailRestore } from '../../contract/api.ts';
import { ask, askJson, reasonOf } from '../ask.ts';
import { say } from '../notice.ts';
import { Form } from '../parts/form.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { asOrdered, howFar, howItEnded, whatIsSought } from '../words/mail-restore.ts';

/** Milliseconds between two looks at how far it is. */
const pause = 2000;
const last = 'the last one';

export function RestoreMail({ backups }: { readonly backups: readonly Backup[] }) {
  const standing = useLoaded(() => askJson('GET /system/backup/mail'));
  const users = useLoaded(() => askJson('GET /mail/users?format=json'));
  const now = standing.data;
  const goesOn = now != null && now.step !== 'ended';
  // Anew with each answer: what is loaded is another value then. After one that did not come it waits for its button.
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setTimeout(standing.again, pause);
    return () => clearTimeout(timer);
  }, [now, goesOn]);
  if (now === undefined) return <Waiting of={standing} />;
  if (users.data === undefined) return <Waiting of={users} />;

  const order = async (form: Readonly<Record<string, string>>) => {
    await ask('POST /system/backup/mail', { form });
    await standing.again();
  };
  const accounts = users.data.flatMap((one) => one.users.map(({ email }) => email));
  return (
    <>
      {now !== null && (
        <Standing
          of={now}
          begin={(form) => order(form).catch((error) => say(reasonOf(error), { bad: true }))}
        />
      )}
      {standing.problem !== undefined && <Waiting of={standing} />}
      {!goesOn && (
        <Form
          action="Look what would come back"
          fields={[
            {
              ...{ name: 'email', label: 'Account', type: 'choice', choices: accounts },
              ...{ required: true, speaksOf: /account/ },
            },
            {
              ...{
                name: 'time',
                label: 'Backup',
                type: 'choice',
                choices: [last, ...backups.map((one) => one.date_str)],
              },
              speaksOf: /backup/,
            },
            {
              name: 'from',
              label: 'Sender',
              hint: 'What is left empty leaves nothing out: all empty, the whole mailbox.',
            },
            { name: 'subject', label: 'Words in the subject' },
            { name: 'folder', label: 'Folder', hint: 'Such as INBOX or Sent.' },
            { name: 'since', label: 'From this day on', hint: 'Such as 2026-11-26.', speaksOf: /is no day/ },
            { name: 'until', label: 'Until this day' },
          ]}
          submit={({ time = last, ...sought }) =>
            order({ ...sought, time: backups.find((one) => one.date_str === time)?.date ?? '', look: '1' })
          }
        />
      )}
    </>
  );
}

function Standing({
  of,
  begin,
}: {
  readonly of: MailRestore;
  readonly begin: (form: Readonly<Record<string, string>>) => void;
}) {
  const { step, found, problem } = of;
  const newest = found?.newest ?? [];
  return (
    <div>
      <p>
        <strong>{whatIsSought(of)}</strong>
      </p>
      <p role={problem === undefined ? 'status' : 'alert'} class={problem === undefined ? '' : 'problem'}>
        {step === 'ended' ? howItEnded(of) : `${howFar(of)} You may leave this page: it goes on.`}
      </p>
      {newest.length > 0 && (
        <ul class="rows">
          {newest.map(({ folder, from, subject, date }, at) => (
            <li key={`${at} ${date}`}>
              <div class="what">
                <strong>{subject || '(no subject)'}</strong>
                <p>{from}</p>
                <p class="soft">
                  {date.slice(0, 10)}, {folder}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {found !== undefined && found.mails > newest.length && (
        <p class="soft">And {found.mails - newest.length} older ones.</p>
      )}
      {step === 'ended' && found !== undefined && found.mails > 0 && (
        <div class="buttons">
          <button type="button" class="main" onClick={() => begin(asOrdered(of))}>
            Bring them back
          </button>
        </div>
      )}
    </div>
  );
}
