/** Of which organisation a domain is, by the list of public suffixes (RFC 7489, section 3.2; publicsuffix.org/list). Pure. */

export interface PublicSuffixes {
  readonly rules: ReadonlySet<string>;
}

/** @param text of the list; without it nobody is taken for the same but who has one name */
export function readSuffixes(text = ''): PublicSuffixes {
  const rules = text
    .split('\n')
    .map((line) => line.trim().split(/\s/)[0] ?? '')
    .filter((line) => line !== '' && !line.startsWith('//'));
  return { rules: new Set(rules) };
}

/** The suffix that fits best and one label more; the name itself where there is no list, or where it is a suffix. */
export function organisationOf(domain: string, { rules }: PublicSuffixes): string {
  if (rules.size === 0) return domain;
  const labels = domain.split('.');
  const from = (i: number) => labels.slice(i).join('.');
  const starting = labels.map((_, i) => i);
  const exception = starting.find((i) => rules.has(`!${from(i)}`));
  if (exception !== undefined) return from(exception);
  const suffix =
    starting.find((i) => rules.has(from(i)) || rules.has(`*.${from(i + 1)}`)) ?? labels.length - 1;
  return from(Math.max(0, suffix - 1));
}
