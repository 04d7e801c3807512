/** Mail of one account comes back from a backup: what is looked for, what would come, how far it is, and where it lies then. */
import { useEffect } from 'preact/hooks';
import type { Backup, MailRestore } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { complain } from '../parts/complain.ts';
import { Form } from '../parts/form.tsx';
import { Said } from '../parts/said.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { asOrdered, howFar, howItEnded, whatIsSought } from '../words/mail-restore.ts';
import { counted, words } from '../words/spoken.ts';

/** Milliseconds between two looks at how far it is. */
const pause = 2000;

export function RestoreMail({ backups }: { readonly backups: readonly Backup[] }) {
  const { restore: said } = words();
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
      {now !== null && <Standing of={now} begin={(form) => order(form).catch(complain)} />}
      {standing.problem !== undefined && <Waiting of={standing} />}
      {!goesOn && (
        <Form
          action={said.look}
          fields={[
            {
              ...{ name: 'email', label: said.account, type: 'choice', choices: accounts },
              ...{ required: true, speaksOf: /account/ },
            },
            {
              ...{
                name: 'time',
                label: said.backup,
                type: 'choice',
                choices: [said.last, ...backups.map((one) => one.date_str)],
              },
              speaksOf: /backup/,
            },
            {
              name: 'from',
              label: said.sender,
              hint: said.senderHint,
            },
            { name: 'subject', label: said.subject },
            { name: 'folder', label: said.folder, hint: said.folderHint },
            { name: 'since', label: said.since, hint: said.sinceHint, speaksOf: /is no day/ },
            { name: 'until', label: said.until },
          ]}
          submit={({ time = said.last, ...sought }) =>
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
  const { restore: said } = words();
  const { step, found, problem } = of;
  const newest = found?.newest ?? [];
  return (
    <div>
      <p>
        <strong>{whatIsSought(of)}</strong>
      </p>
      <p role={problem === undefined ? 'status' : 'alert'} class={problem === undefined ? '' : 'problem'}>
        {problem !== undefined ? (
          <>
            <Said text={said.wentWrong} told={`${problem.what}.`} />{' '}
            <Said text={said.whatToDo} told={problem.what_to_do} />
          </>
        ) : step === 'ended' ? (
          howItEnded(of)
        ) : (
          `${howFar(of)} ${said.goesOn}`
        )}
      </p>
      {newest.length > 0 && (
        <ul class="rows">
          {newest.map(({ folder, from, subject, date }, at) => (
            <li key={`${at} ${date}`}>
              <div class="what">
                <strong>{subject || said.noSubject}</strong>
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
        <p class="soft">{counted(said.older, found.mails - newest.length)}</p>
      )}
      {step === 'ended' && found !== undefined && found.mails > 0 && (
        <div class="buttons">
          <button type="button" class="main" onClick={() => begin(asOrdered(of))}>
            {said.bringBack}
          </button>
        </div>
      )}
    </div>
  );
}
