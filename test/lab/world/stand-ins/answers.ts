/** What metadata services answer, in the forms that several have. */
import type { Answers } from '../cloud.ts';

export const json = (value: unknown): string => JSON.stringify(value);
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The same answers to all who send these headers. */
export const toAllWith = (
  needs: Readonly<Record<string, string>>,
  texts: Readonly<Record<string, string>>,
): Answers => Object.fromEntries(Object.entries(texts).map(([request, text]) => [request, { text, needs }]));

/** A string is a document, an object is a folder that lists its children; the list may say more of a child than its name. */
export type Tree = { readonly [name: string]: string | Tree };

/** EC2's form, which others have taken over: each document has an address, and so has each folder, with a slash at its end or without. */
export function tree(at: string, { '': listed, ...children }: Tree): Record<string, string> {
  const list = Object.entries(children).map(([name, child]) =>
    typeof child === 'string' ? name : `${name}/`,
  );
  return Object.assign(
    Object.fromEntries(['', '/'].map((end) => [`GET ${at}${end}`, listed ?? list.join('\n')])),
    ...Object.entries(children).map(([name, child]) =>
      typeof child === 'string' ? { [`GET ${at}/${name}`]: child } : tree(`${at}/${name}`, child),
    ),
  );
}

/** The folder of public keys, in which a number and a name stand for a folder with the key. */
export const oneKey = (sshKey: string): Tree => ({
  '': '0=mine',
  '0': { '': 'openssh-key', 'openssh-key': sshKey },
});
