/** Writes XML: elements of elements and text, which is escaped. Pure. */

export type Xml = string | readonly Xml[] | Element;
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: Xml;
}

/** An element; a string in it is text, never markup. */
export function element(
  name: string,
  content: Xml = '',
  attributes: Readonly<Record<string, string>> = {},
): Element {
  return { name, attributes, content };
}

export function xmlDocument(root: Element, doctype?: string): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...(doctype ? [doctype] : []), write(root, ''), ''].join(
    '\n',
  );
}

function write(it: Xml, indent: string): string {
  if (typeof it === 'string') return escaped(it);
  if (!('name' in it)) return it.map((each) => write(each, indent)).join('\n');
  const attributes = Object.entries(it.attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const open = `${indent}<${it.name}${attributes.join('')}`;
  if (it.content === '') return `${open}/>`;
  if (typeof it.content === 'string') return `${open}>${escaped(it.content)}</${it.name}>`;
  return `${open}>\n${write(it.content, `${indent}  `)}\n${indent}</${it.name}>`;
}

/** As text and as an attribute's value: HTML takes it too. */
export const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
