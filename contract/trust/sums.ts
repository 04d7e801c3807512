/** `SHA256SUMS`, as sha256sum(1) writes and checks it: one line for each file, sorted by name. */
export type Sums = Readonly<Record<string, string>>;

export function sumsText(sums: Sums): string {
  const names = Object.keys(sums).sort();
  return names.map((name) => `${sums[name]}  ${name}\n`).join('');
}

/** What can be read, and what can't in words. A name never leads out of the folder. */
export function parseSums(text: string): { readonly sums: Sums; readonly wrong: readonly string[] } {
  const sums = new Map<string, string>();
  const wrong: string[] = [];
  for (const [index, line] of text.replace(/\n$/, '').split('\n').entries()) {
    const [, sum = '', name = ''] = /^([0-9a-f]{64}) [ *](\S.*)$/.exec(line) ?? [];
    if (name === '') wrong.push(`line ${index + 1} is none of sha256sum's`);
    else if (name.startsWith('/') || name.split('/').includes('..'))
      wrong.push(`line ${index + 1} names a file outside of the folder`);
    else if (sums.has(name)) wrong.push(`line ${index + 1} names ${name} again`);
    else sums.set(name, sum);
  }
  return { sums: Object.fromEntries(sums), wrong };
}
