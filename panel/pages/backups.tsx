/** Backups: which there are, where they go, and what it takes to restore one. The key itself is never shown. */
import type { BackupStatus, Me } from '../../contract/api.ts';
import { ask, askJson } from '../ask.ts';
import { say } from '../notice.ts';
import { Copy } from '../parts/copy.tsx';
import { Form } from '../parts/form.tsx';
import { type Loaded, useLoaded } from '../parts/use-loaded.ts';
import { Waiting } from '../parts/waiting.tsx';
import { isStored, size, total, typedTarget, whereTo } from '../words/backups.ts';
import { KeySheet } from './key-sheet.tsx';
import { RestoreMail } from './mail-restore.tsx';

export function Backups({ me }: { readonly me: Me }) {
  const config = useLoaded(() => askJson('GET /system/backup/config'));
  // Another host may take a while to answer.
  const status = useLoaded(() => askJson('GET /system/backup/status'));
  if (config.data === undefined) return <Waiting of={config} />;
  const { target, min_age_in_days, file_target_directory, enc_pw_file, ssh_pub_key } = config.data;
  const host = me.hostname;

  const put = async (form: { target: string; min_age: string; target_user: string; target_pass: string }) => {
    await ask('POST /system/backup/config', { form });
    await Promise.all([config.again(), status.again()]);
    return form.target === 'off'
      ? 'Backups are off.'
      : `Backups go to ${form.target} from the next night on.`;
  };
  const before = {
    ...{ target: typedTarget(target), min_age: String(min_age_in_days) },
    ...{ target_user: '', target_pass: '' },
  };
  return (
    <>
      <p>
        Every night the box copies what it has received and made: mail, accounts, keys, pages. Each copy is
        encrypted.
      </p>
      <section>
        <h2>Backups</h2>
        <p>{whereTo(target)}</p>
        <List of={status} />
        {typedTarget(target) !== 'off' && <MakeOne />}
      </section>
      <section>
        <h2>The key</h2>
        <p>
          Nobody reads a backup without the key, and you neither. It is a file on the box, and in no backup.
          Copy it to a safe place once, from your computer:
        </p>
        <Line text={`scp root@${host}:${enc_pw_file} .`} what="the command for the key" />
        <p>Or print it, on a sheet that says what to do when the box is lost:</p>
        <KeySheet />
      </section>
      <section key={`${target} ${min_age_in_days}`}>
        <h2>Where they go</h2>
        <Form
          action="Save target"
          fields={[
            {
              name: 'target',
              label: 'Target',
              required: true,
              value: before.target,
              hint: 'local: a folder on this box. rsync://USER@HOST/PATH: another host, by ssh. s3://REGION@HOST/BUCKET/PATH: a bucket. webdavs://HOST/PATH: a WebDAV folder, such as Nextcloud’s. off: none are made.',
              speaksOf: /target(?!_)|host|bucket|folder/,
            },
            {
              name: 'target_user',
              label: 'User, or id of the key',
              hint: 'Of s3: and webdavs: only. Where the target stays, what is left empty stays too.',
              speaksOf: /target_user|let this box in/,
            },
            {
              name: 'target_pass',
              label: 'Password, or key',
              type: 'password',
              autocomplete: 'new-password',
            },
            {
              name: 'min_age',
              label: 'Days that a backup is kept',
              required: true,
              digits: true,
              value: before.min_age,
              hint: 'At the least: a full one stays as long as increments need it.',
              speaksOf: /min_age/,
            },
          ]}
          submit={async ({ target: to = '', min_age = '', target_user = '', target_pass = '' }) => {
            const login = { target_user: target_user.trim(), target_pass: target_pass.trim() };
            const said = await put({ target: to.trim(), min_age: min_age.trim(), ...login });
            // A login that was replaced is known to nobody any more.
            if (isStored(target)) say(said);
            else say(said, { undo: () => put(before) });
          }}
        />
        <p>Another host lets the box in by this line in the user’s authorized_keys:</p>
        <Line text={ssh_pub_key} what="the line for authorized_keys" />
      </section>
      <section>
        <h2>Mail that was lost</h2>
        <p>
          One mail or a whole mailbox comes back into a folder of its own, “Restored …”, which its owner then
          finds. What the account has stays as it is.
        </p>
        {status.data?.backups === undefined || status.data.backups.length === 0 ? (
          <p>There is no backup to take it from.</p>
        ) : (
          <RestoreMail backups={status.data.backups} />
        )}
      </section>
      <section>
        <h2>To restore everything</h2>
        <p>By ssh, as root. One folder to look through, with everything as it was:</p>
        <Line text="box backup restore /root/restored" what="the command for a folder" />
        <p>
          As the state of this box, or of a new one to which you copied the backups ({file_target_directory})
          and the key, followed by a reboot:
        </p>
        <Line text="box backup restore /home/user-data" what="the command for the whole state" />
      </section>
    </>
  );
}

/** The next one comes in the night; who has just named a target need not wait for it. */
function MakeOne() {
  return (
    <Form
      action="Make one now"
      fields={[]}
      submit={async () => {
        await ask('POST /system/backup/run');
        say('It has begun. A first one may take hours; it is listed here once it is whole.');
      }}
    />
  );
}

function List({ of }: { readonly of: Loaded<BackupStatus> }) {
  if (of.data === undefined) return <Waiting of={of} />;
  const { backups, error, unmatched_file_size: loose = 0 } = of.data;
  if (error !== undefined)
    return (
      <p class="problem" role="alert">
        {error}
      </p>
    );
  if (backups === undefined) return null;
  if (backups.length === 0) return <p>There is none yet: the first one is made in the night.</p>;
  return (
    <>
      <ul class="rows">
        {backups.map(({ date, date_str, date_delta, full, size: bytes, deleted_in }) => (
          <li key={date}>
            <div class="what">
              <strong>{date_str}</strong>
              <p>
                {full ? 'full' : 'increment'}, {size(bytes)}
              </p>
              <p class="soft">
                {date_delta} ago{deleted_in && `; goes: ${deleted_in}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <p>
        Together {total(backups)}
        {loose > 0 && `, and ${size(loose)} of one that is at work or was broken off`}.
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
