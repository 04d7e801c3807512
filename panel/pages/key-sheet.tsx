/** The sheet that one prints and puts away: the key of the backups, where they are, and what to do with both when the box is lost. */
import { useState } from 'preact/hooks';
import type { BackupKey } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { Form } from '../parts/form.tsx';
import { typedTarget } from '../words/backups.ts';
import { recovery } from '../words/recovery.ts';
import { filled, words } from '../words/spoken.ts';
import { dayOf } from '../words/times.ts';

export function KeySheet() {
  const { sheet: said } = words();
  const [sheet, setSheet] = useState<BackupKey>();
  if (sheet !== undefined) return <Sheet {...sheet} />;
  return (
    <Form
      action={said.show}
      fields={[
        {
          name: 'password',
          label: said.password,
          type: 'password',
          required: true,
          autocomplete: 'current-password',
          hint: said.passwordHint,
          speaksOf: /./,
        },
      ]}
      submit={async ({ password = '' }) =>
        setSheet(JSON.parse(await ask('POST /system/backup/key', { form: { password } })) as BackupKey)
      }
    />
  );
}

function Sheet(sheet: BackupKey) {
  const { sheet: said } = words();
  const { hostname, key, qr_code_base64: picture } = sheet;
  return (
    <article class="sheet">
      <h3>{filled(said.title, { host: hostname })}</h3>
      <p>{said.text}</p>
      <p>
        <img class="qr" alt={said.qr} src={`data:image/png;base64,${picture}`} />
      </p>
      <p>
        <code>{key}</code>
      </p>
      <p>{filled(said.backups, { target: typedTarget(sheet.target) })}</p>
      <ol>
        {recovery(sheet).map(({ text, code }) => (
          <li key={text}>
            <p>{text}</p>
            {code !== undefined && <pre>{code}</pre>}
          </li>
        ))}
      </ol>
      <p class="soft">{filled(said.asOf, { day: dayOf(new Date().toISOString()) })}</p>
      <div class="buttons unprinted">
        <button type="button" class="main" onClick={() => print()}>
          {said.print}
        </button>
      </div>
    </article>
  );
}
