/** A key or a signature that can't be used: what holds for it and is broken, and what to do about it. Never shows what is in a key. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  constructor(
    readonly rule: string,
    readonly remedy: string,
  ) {
    super(`${rule}; ${remedy}`);
  }
}
