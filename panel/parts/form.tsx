/** A form of named fields. What the API refuses is shown at the field that it speaks of, and the field gets the focus. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { reasonOf, type Spoken, spokenOf, Unfit } from '../ask.ts';
import { filled, words } from '../words/spoken.ts';
import { Field, type FieldProps } from './field.tsx';
import { Said } from './said.tsx';

export interface FormProps {
  readonly fields: readonly FieldProps[];
  readonly action: string;
  /** Does it; the form is emptied when it went well. Files come by the names of their fields. */
  readonly submit: (
    values: Readonly<Record<string, string>>,
    files: Readonly<Record<string, readonly File[]>>,
  ) => Promise<void>;
  readonly cancel?: () => void;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
}

interface Wrong {
  readonly name: string;
  readonly said: Spoken;
}

export function Form({ fields, action, submit, cancel, danger, children }: FormProps) {
  const { form: said } = words();
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Wrong>();
  const [busy, setBusy] = useState(false);

  const mark = (name: string, said: Spoken) => {
    setWrong({ name, said });
    form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (form.current === null || busy) return;
    const values: Record<string, string> = {};
    const files: Record<string, File[]> = {};
    for (const [name, value] of new FormData(form.current)) {
      if (typeof value === 'string') values[name] = value;
      // A browser gives a file without a name where none was chosen.
      else if (value.name !== '') files[name] = [...(files[name] ?? []), value];
    }
    const missing = fields.find(
      ({ name, required }) => required && (values[name] ?? '').trim() === '' && files[name] === undefined,
    );
    if (missing)
      return mark(missing.name, {
        text: filled(missing.type === 'checkbox' ? said.tick : said.fillIn, { label: missing.label }),
      });
    setBusy(true);
    try {
      await submit(values, files);
      setWrong(undefined);
      form.current?.reset();
    } catch (error) {
      const text = reasonOf(error);
      const field = error instanceof Unfit ? error.field : undefined;
      const spokenOfHere = fields.find(({ name, speaksOf }) =>
        field === undefined ? speaksOf?.test(text) : name === field,
      );
      mark((spokenOfHere ?? fields[0])?.name ?? '', spokenOf(error));
    }
    setBusy(false);
  };
  return (
    <form ref={form} onSubmit={send} noValidate>
      {fields.map((field) => (
        <Field key={field.name} {...field} wrong={wrong?.name === field.name ? wrong.said : undefined} />
      ))}
      {children}
      {wrong && !fields.some(({ name }) => name === wrong.name) && (
        <p class="problem" role="alert">
          <Said {...wrong.said} />
        </p>
      )}
      <div class="buttons">
        <button type="submit" class={danger ? 'danger' : 'main'} aria-disabled={busy}>
          {busy ? said.moment : action}
        </button>
        {cancel && (
          <button type="button" onClick={cancel}>
            {said.cancel}
          </button>
        )}
      </div>
    </form>
  );
}
