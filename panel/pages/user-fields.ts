/** The fields that more than one form of an account has. */
import type { FieldProps } from '../parts/field.tsx';
import { words } from '../words/spoken.ts';

export const passwordField = (): FieldProps => ({
  name: 'password',
  label: words().users.password,
  type: 'password',
  required: true,
  autocomplete: 'new-password',
  hint: words().users.passwordHint,
  speaksOf: /password|characters/i,
});

export const quotaField = (): FieldProps => ({
  name: 'quota',
  label: words().users.quota,
  hint: words().users.quotaHint,
  speaksOf: /quota/i,
});
