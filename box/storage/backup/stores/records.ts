/** Reads the lists that stores answer with: XML, of which only some elements and the texts below them count. */
import { SaxesParser } from 'saxes';
import { Failure } from '../../../machine/failure.ts';

/** Texts by the local names of the elements around them; an element without a text has an empty one. */
export type Fields = ReadonlyMap<string, string>;

const deepest = 32;

/**
 * Each element of the local name `record`, with what is below it. A document type, and with it every entity of one's own,
 * is refused. @throws Failure for what is no XML
 */
export function recordsIn(xml: string, record: string): Fields[] {
  const records: Fields[] = [];
  const open: string[] = [];
  let fields: Map<string, string> | undefined;
  const parser = new SaxesParser({ xmlns: true });
  const fail = (error: Error) => {
    throw error;
  };
  parser.on('error', fail);
  parser.on('doctype', () => fail(new Error('a document type')));
  parser.on('opentag', ({ local }) => {
    if (open.length >= deepest) fail(new Error('too deep'));
    open.push(local);
    if (local === record) fields = new Map();
    else if (fields?.has(local) === false) fields.set(local, '');
  });
  parser.on('text', (text) => {
    const name = open.at(-1) ?? '';
    if (name !== record) fields?.set(name, (fields.get(name) ?? '') + text);
  });
  parser.on('closetag', ({ local }) => {
    open.pop();
    if (local !== record || fields === undefined) return;
    records.push(fields);
    fields = undefined;
  });
  try {
    parser.write(xml).close();
  } catch (error) {
    throw new Failure(
      `what the storage answers is no list: ${(error as Error).message}`,
      'is the target’s address right?',
    );
  }
  return records;
}
