/** The order of Debian's versions, by deb-version(7). */

/** Less than 0 where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  return (
    one.epoch - other.epoch ||
    compareParts(one.upstream, other.upstream) ||
    compareParts(one.revision, other.revision)
  );
}

function partsOf(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash === -1
    ? { epoch: Number(epoch), upstream: rest, revision: '' }
    : { epoch: Number(epoch), upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** What is no digit, then digits as a number, in turns. */
function compareParts(a: string, b: string): number {
  const [one, other] = [turns(a), turns(b)];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [[words = '', digits = ''] = [], [otherWords = '', otherDigits = ''] = []] = [
      one[index],
      other[index],
    ];
    const order = compareWords(words, otherWords) || compareDigits(digits, otherDigits);
    if (order !== 0) return order;
  }
  return 0;
}

const turns = (text: string) =>
  [...text.matchAll(/(\D*)(\d*)/g)].map(([, words = '', digits = '']) => [words, digits] as const);

function compareWords(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = weight(a[index]) - weight(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers of any length. */
function compareDigits(a: string, b: string): number {
  const [one, other] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return one.length - other.length || (one === other ? 0 : one < other ? -1 : 1);
}

/** A tilde goes before the end, the end before letters, and letters before all else. */
function weight(sign: string | undefined): number {
  if (sign === '~') return -1;
  if (sign === undefined) return 0;
  return /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;
}
