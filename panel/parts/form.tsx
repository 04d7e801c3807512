/** A form of named fields. What the API refuses is shown at the field that it speaks of, and the field gets the focus. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { reasonOf } from '../ask.ts';
import { Field, type FieldProps } from './field.tsx';

export interface FormProps {
  readonly fields: readonly FieldProps[];
  readonly action: string;
  /** Does it; the form is emptied when it went well. */
  readonly submit: (values: Readonly<Record<string, string>>) => Promise<void>;
  readonly cancel?: () => void;
  readonly danger?: boolean;
  readonly children?: ComponentChildren;
}

interface Wrong {
  readonly name: string;
  readonly text: string;
}

export function Form({ fields, action, submit, cancel, danger, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Wrong>();
  const [busy, setBusy] = useState(false);

  const mark = (name: string, text: string) => {
    setWrong({ name, text });
    form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (form.current === null || busy) return;
    const values = Object.fromEntries([...new FormData(form.current)].map(([k, v]) => [k, String(v)]));
    const missing = fields.find(({ name, required }) => required && (values[name] ?? '').trim() === '');
    if (missing) return mark(missing.name, `${missing.label}: please fill this in.`);
    setBusy(true);
    try {
      await submit(values);
      setWrong(undefined);
      form.current?.reset();
    } catch (error) {
      const text = reasonOf(error);
      mark((fields.find(({ speaksOf }) => speaksOf?.test(text)) ?? fields[0])?.name ?? '', text);
    }
    setBusy(false);
  };
  return (
    <form ref={form} onSubmit={send} noValidate>
      {fields.map((field) => (
        <Field key={field.name} {...field} wrong={wrong?.name === field.name ? wrong.text : undefined} />
      ))}
      {children}
      {wrong && !fields.some(({ name }) => name === wrong.name) && (
        <p class="problem" role="alert">
          {wrong.text}
        </p>
      )}
      <div class="buttons">
        <button type="submit" class={danger ? 'danger' : 'main'} aria-disabled={busy}>
          {busy ? 'One moment…' : action}
        </button>
        {cancel && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
