/** Reads what Outlook and telephones ask (MS-OXDSCLI): an address and the form of the answer. Pure; any stranger may have written it. */
import { SaxesParser } from 'saxes';
import { plainAddress } from '../mail/typed.ts';

export interface AutodiscoverRequest {
  readonly email: string;
  /** The schema of the answer, as a name of its own. */
  readonly schema: string;
}

export const requestSchemas = [
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006',
  'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/requestschema/2006',
] as const;

/** An address that may stand in an answer: nobody looks whether it is an account. */
const addressPattern = /^[a-z0-9.!#$%*+/=?^_{|}~-]{1,64}@(?=.{3,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/i;

export const isAddress = (text: string) => addressPattern.test(text);

const deepest = 8;
const longestText = 512;

/** Undefined: it is no such request. A document type, and with it every entity of one's own, is refused. */
export function readAutodiscoverRequest(xml: string): AutodiscoverRequest | undefined {
  const open: { readonly name: string; text: string }[] = [];
  const found = new Map<string, string>();
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type');
  });
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!/^(utf-8|us-ascii)$/i.test(encoding)) throw new Error('another encoding');
  });
  parser.on('opentag', ({ local, uri }) => {
    const known = (requestSchemas as readonly string[]).includes(uri);
    if (!known || open.length >= deepest) throw new Error('another kind of document');
    open.push({ name: local, text: '' });
  });
  parser.on('text', (text) => {
    const at = open.at(-1);
    if (at === undefined) return;
    at.text += text;
    if (at.text.length > longestText) throw new Error('too long');
  });
  parser.on('cdata', () => {
    throw new Error('a CDATA section');
  });
  parser.on('closetag', () => {
    const path = open.map(({ name }) => name).join('/');
    const at = open.pop();
    if (found.has(path)) throw new Error('twice the same');
    found.set(path, at?.text.trim() ?? '');
  });
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  const typed = found.get('Autodiscover/Request/EMailAddress') ?? '';
  const email = plainAddress(typed) ?? typed;
  const schema = found.get('Autodiscover/Request/AcceptableResponseSchema') ?? '';
  return isAddress(email) && schema !== '' ? { email, schema } : undefined;
}
