/** The sheet that one prints and puts away: the key of the backups, where they are, and what to do with both when the box is lost. */
import { useState } from 'preact/hooks';
import type { BackupKey } from '../../contract/api.ts';
import { ask } from '../ask.ts';
import { Form } from '../parts/form.tsx';
import { typedTarget } from '../words/backups.ts';
import { recovery } from '../words/recovery.ts';

export function KeySheet() {
  const [sheet, setSheet] = useState<BackupKey>();
  if (sheet !== undefined) return <Sheet {...sheet} />;
  return (
    <Form
      action="Show the sheet"
      fields={[
        {
          name: 'password',
          label: 'Your password',
          type: 'password',
          required: true,
          autocomplete: 'current-password',
          hint: 'Who has the key and the backups reads all mail of this box.',
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
  const { hostname, key, qr_code_base64: picture } = sheet;
  return (
    <article class="sheet">
      <h3>To get {hostname} back</h3>
      <p>
        This is the key of its backups. Without it nobody reads them. Keep this sheet where neither fire nor
        thief meets both, it and the backups.
      </p>
      <p>
        <img class="qr" alt="QR code with the key below" src={`data:image/png;base64,${picture}`} />
      </p>
      <p>
        <code>{key}</code>
      </p>
      <p>Backups: {typedTarget(sheet.target)}</p>
      <ol>
        {recovery(sheet).map(({ text, code }) => (
          <li key={text}>
            <p>{text}</p>
            {code !== undefined && <pre>{code}</pre>}
          </li>
        ))}
      </ol>
      <p class="soft">As of {new Date().toISOString().slice(0, 10)}.</p>
      <div class="buttons unprinted">
        <button type="button" class="main" onClick={() => print()}>
          Print
        </button>
      </div>
    </article>
  );
}
