/** A text for one thing and for several; `{n}` is how many. The languages of the panel need no more forms than these. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}
