/** Why the box can't go on, in words for its owner: what is wrong and what to do about it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
