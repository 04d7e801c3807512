/** One field with its label, its hint, and what is wrong with it. */
import { useId } from 'preact/hooks';
import type { Spoken } from '../ask.ts';
import { words } from '../words/spoken.ts';
import { Said } from './said.tsx';

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'text' | 'email' | 'password' | 'checkbox' | 'lines' | 'choice' | 'file' | 'folder';
  readonly choices?: readonly string[];
  readonly value?: string;
  readonly required?: boolean;
  readonly autocomplete?: string;
  /** Digits only: phones show those keys. */
  readonly digits?: boolean;
  /** An error with these words is shown here. */
  readonly speaksOf?: RegExp;
}

export function Field(props: FieldProps & { readonly wrong: Spoken | undefined }) {
  const { name, label, hint, type = 'text', value, required, wrong } = props;
  const { optional } = words().form;
  const id = useId();
  const told = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  const common = {
    id,
    name,
    'aria-describedby': told || undefined,
    'aria-invalid': wrong ? ('true' as const) : undefined,
    'aria-required': required ? ('true' as const) : undefined,
    autocomplete: props.autocomplete ?? 'off',
    spellcheck: false,
    autocapitalize: 'none' as const,
  };
  const named = (
    <label for={id}>
      {label}
      {required || type === 'checkbox' || type === 'choice' ? '' : <span class="soft"> {optional}</span>}
    </label>
  );
  return (
    <div class={`field ${type}`}>
      {type === 'checkbox' ? (
        <div class="tick">
          <input {...common} type="checkbox" value="1" defaultChecked={value === '1'} />
          {named}
        </div>
      ) : (
        named
      )}
      {type === 'lines' && <textarea {...common} rows={4} defaultValue={value ?? ''} />}
      {type === 'choice' && (
        <select {...common}>
          {props.choices?.map((choice) => (
            <option key={choice} selected={choice === value}>
              {choice}
            </option>
          ))}
        </select>
      )}
      {type === 'file' && <input {...common} type="file" />}
      {type === 'folder' && <input {...common} type="file" {...{ webkitdirectory: true }} />}
      {type === 'email' && <input {...common} type="email" defaultValue={value ?? ''} />}
      {type === 'password' && <input {...common} type="password" defaultValue={value ?? ''} />}
      {type === 'text' && (
        <input
          {...common}
          type="text"
          defaultValue={value ?? ''}
          inputMode={props.digits ? 'numeric' : 'text'}
        />
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`} role="alert">
          <Said {...wrong} />
        </p>
      )}
    </div>
  );
}
