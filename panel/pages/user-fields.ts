/** An account as the API lists it, and the fields that more than one of its forms has. */
import type { FieldProps } from '../parts/field.tsx';

export const passwordField: FieldProps = {
  name: 'password',
  label: 'Password',
  type: 'password',
  required: true,
  autocomplete: 'new-password',
  hint: 'At least 8 characters. Long is better than strange.',
  speaksOf: /password|characters/i,
};

export const quotaField: FieldProps = {
  name: 'quota',
  label: 'Quota',
  hint: 'How much mail it may keep: such as 500M or 2G; 0 for no limit.',
  speaksOf: /quota/i,
};
