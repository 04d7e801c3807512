/** The kinds of parameters that routes take. A missing one is an empty text, as an empty field of a form is. */
import * as z from 'zod';

/** No control characters: none belongs in an address, a name or a password. */
const plain = /^\P{Cc}*$/u;

export const field = (what: string, most = 1000) =>
  z.string().max(most, 'is too long').regex(plain, 'holds a control character').default('').describe(what);

export const email = field('address of the account', 320);
/** Commas or line ends between them. */
export const addresses = (what: string) =>
  z
    .string()
    .max(20_000, 'is too long')
    .regex(/^[\P{Cc}\r\n\t]*$/u, 'holds a control character')
    .default('')
    .describe(what);

/** What `navigator.credentials` gave, as JSON: `PublicKeyCredential.toJSON()`. */
export const answerOfBrowser = field(
  'the browser’s answer, as `PublicKeyCredential.toJSON()` gives it',
  20_000,
);

export const none = z.object({});
