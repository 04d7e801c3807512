/** What an ava run says of its failed tests, each as one line with its reason: of a long run often only the end is seen. */

/** Most characters of a reason. */
const most = 240;

/** @param output what ava printed, without colours */
export function failuresIn(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trim());
  return [...output.matchAll(/^\s*✘ (?:\[fail\]: )?(.*)$/gm)].map(([, said = '']) => {
    // ava tells at length below, under the title alone, which here may be followed by a word of the reason.
    const at = lines.findIndex((line) => line !== '' && !line.startsWith('✘') && said.startsWith(line));
    const reason = at === -1 ? '' : reasonIn(lines.slice(at + 1));
    return reason === '' ? said : `${said}: ${reason}`;
  });
}

/** The message of what was thrown, or the values that differ. */
function reasonIn(lines: readonly string[]): string {
  const end = lines.findIndex(
    (line, i) => /^─$/.test(line) || (i > 0 && /^(?:\S*Error\b(?! \{)|at |› )/.test(line)),
  );
  const told = end === -1 ? lines : lines.slice(0, end);
  const message = told.findIndex((line) => line.startsWith('message: '));
  const telling =
    message === -1
      ? told.filter((line) => line !== '' && !/^(?:Rejected promise|\d+:|\S+:\d+$)/.test(line))
      : told.slice(message, lastOfMessage(told, message));
  const said = telling.join(' ').replace(/␊/g, '');
  const words = message === -1 ? said : said.replace(/^message: ['`]|[`'],$/g, '');
  const one = words.replace(/\s+/g, ' ').trim();
  return one.length > most ? `${one.slice(0, most)}...` : one;
}

const lastOfMessage = (lines: readonly string[], from: number): number => {
  const end = lines.findIndex((line, i) => i >= from && /[`'],$/.test(line));
  return end === -1 ? from + 1 : end + 1;
};
