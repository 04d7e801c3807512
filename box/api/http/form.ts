/** Forms and query strings: pairs with `&` between. The first of several values counts. Pure. */

const mostFields = 100;

/** @throws URIError for what is no UTF-8, RangeError for too many fields */
export function formFields(text: string): Record<string, string> {
  // No prototype: a field may have any name.
  const fields: Record<string, string> = Object.create(null);
  if (text === '') return fields;
  const pairs = text.split('&');
  if (pairs.length > mostFields) throw new RangeError('too many fields');
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (name.length <= 100 && !(name in fields)) fields[name] = at < 0 ? '' : decode(pair.slice(at + 1));
  }
  return fields;
}

function decode(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, ' '));
}
