/** The bake went wrong: which check or step, in its own words, and how to look inside. */
export class BakeError extends Error {
  override readonly name = 'BakeError';
  /** `kept`: what is left to look at, by what it is. */
  constructor(said: readonly string[], kept: Readonly<Record<string, string>>) {
    const rest = Object.entries(kept).map(([what, where]) => `${what}: ${where}`);
    super(['the bake failed:', ...[...said, ...rest].map((line) => `  ${line}`)].join('\n'));
  }
}
