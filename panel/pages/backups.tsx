/** Backups: which there are, where they go, and what it takes to restore one. The key itself is never shown. */
import type { BackupStatus, Me } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { Said } from '../parts/said.tsx';
import { type Loaded, useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { goesWhen, isStored, size, total, typedTarget, whereTo } from '../words/backups.ts';
import { filled, words } from '../words/spoken.ts';
import { ago } from '../words/times.ts';
import { KeySheet } from './key-sheet.tsx';
import { RestoreMail } from './mail-restore.tsx';

export function Backups({ me }: { readonly me: Me }) {
  const config = useLoaded(() => askJson('GET /system/backup/config'));
  // Another host may take a while to answer.
  const status = useLoaded(() => askJson('GET /system/backup/status'));
  if (config.data === undefined) return <Waiting of={config} />;
  const { target, min_age_in_days, file_target_directory, enc_pw_file, ssh_pub_key } = config.data;
  const host = me.hostname;
  const { backups: said } = words();

  const put = async (form: { target: string; min_age: string; target_user: string; target_pass: string }) => {
    await ask('POST /system/backup/config', { form });
    await Promise.all([config.again(), status.again()]);
    return form.target === 'off' ? said.areOff : filled(said.goTo, form);
  };
  const before = {
    ...{ target: typedTarget(target), min_age: String(min_age_in_days) },
    ...{ target_user: '', target_pass: '' },
  };
  return (
    <>
      <p>{said.lead}</p>
      <section>
        <h2>{said.title}</h2>
        <p>{whereTo(target)}</p>
        <List of={status} />
        {typedTarget(target) !== 'off' && <MakeOne />}
      </section>
      <section>
        <h2>{said.key}</h2>
        <p>{said.keyText}</p>
        <Line text={`scp root@${host}:${enc_pw_file} .`} what={said.keyCommand} />
        <p>{said.print}</p>
        <KeySheet />
      </section>
      <section key={`${target} ${min_age_in_days}`}>
        <h2>{said.where}</h2>
        <Form
          action={said.save}
          fields={[
            {
              name: 'target',
              label: said.target,
              required: true,
              value: before.target,
              hint: said.targetHint,
              speaksOf: /target(?!_)|host|bucket|folder/,
            },
            {
              name: 'target_user',
              label: said.user,
              hint: said.userHint,
              speaksOf: /target_user|let this box in/,
            },
            {
              name: 'target_pass',
              label: said.password,
              type: 'password',
              autocomplete: 'new-password',
            },
            {
              name: 'min_age',
              label: said.days,
              required: true,
              digits: true,
              value: before.min_age,
              hint: said.daysHint,
              speaksOf: /min_age/,
            },
          ]}
          submit={async ({ target: to = '', min_age = '', target_user = '', target_pass = '' }) => {
            const login = { target_user: target_user.trim(), target_pass: target_pass.trim() };
            const what = await put({ target: to.trim(), min_age: min_age.trim(), ...login });
            // A login that was replaced is known to nobody any more.
            if (isStored(target)) say(what);
            else say(what, { undo: () => put(before) });
          }}
        />
        <p>{said.authorized}</p>
        <Line text={ssh_pub_key} what={said.authorizedLine} />
      </section>
      <section>
        <h2>{said.lost}</h2>
        <p>{said.lostText}</p>
        {status.data?.backups === undefined || status.data.backups.length === 0 ? (
          <p>{said.noBackup}</p>
        ) : (
          <RestoreMail backups={status.data.backups} />
        )}
      </section>
      <section>
        <h2>{said.everything}</h2>
        <p>{said.folderText}</p>
        <Line text="box backup restore /root/restored" what={said.folderCommand} />
        <p>{filled(said.stateText, { folder: file_target_directory })}</p>
        <Line text="box backup restore /home/user-data" what={said.stateCommand} />
      </section>
    </>
  );
}

/** The next one comes in the night; who has just named a target need not wait for it. */
function MakeOne() {
  const { backups: said } = words();
  return (
    <Form
      action={said.makeOne}
      fields={[]}
      submit={async () => {
        await ask('POST /system/backup/run');
        say(said.begun);
      }}
    />
  );
}

/** Of `2026-11-26 13:30:00 UTC`. */
const timeOf = (text: string) => Date.parse(text.replace(' ', 'T').replace(' UTC', 'Z'));

function List({ of }: { readonly of: Loaded<BackupStatus> }) {
  if (of.data === undefined) return <Waiting of={of} />;
  const { backups: said } = words();
  const { backups, error, unmatched_file_size: loose = 0 } = of.data;
  if (error !== undefined)
    return (
      <p class="problem" role="alert">
        <Said told={error} />
      </p>
    );
  if (backups === undefined) return null;
  if (backups.length === 0) return <p>{said.noneYet}</p>;
  return (
    <>
      <ul class="rows">
        {backups.map(({ date, date_str, full, size: bytes, deleted_in }) => (
          <li key={date}>
            <div class="what">
              <strong>{date_str}</strong>
              <p>
                {full ? said.full : said.increment}, {size(bytes)}
              </p>
              <p class="soft">
                {ago(timeOf(date_str), Date.now())}
                {deleted_in && `; ${goesWhen(deleted_in)}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <p>
        {filled(said.together, { size: total(backups) })}
        {loose > 0 && `; ${filled(said.loose, { size: size(loose) })}`}.
      </p>
    </>
  );
}

function Line({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div class="what">
      <p>
        <code>{text}</code>
      </p>
      <div class="buttons">
        <Copy text={text} what={what} />
      </div>
    </div>
  );
}
