/** What the box's own pages say, in one language: a language that lacks a word doesn't compile. */

export interface Door {
  readonly title: string;
  readonly text: string;
}

export interface Words {
  /** The language's own name, as its people write it. */
  readonly language: string;
  /** What the row of languages is called, for who hears the page. */
  readonly languages: string;
  /** Of a domain without pages; `{box}` becomes the way to the box's own page. */
  readonly plain: readonly [what: string, where: string];
  readonly front: {
    readonly lead: string;
    readonly mail: Door;
    readonly calendar: Door;
    readonly contacts: Door;
    readonly setUp: Door;
    readonly panel: Door;
  };
  readonly setUp: {
    readonly title: string;
    readonly lead: string;
    readonly server: string;
    readonly userName: string;
    readonly wholeAddress: string;
    readonly password: string;
    readonly accountsOwn: string;
    /** Above the table. */
    readonly byHand: string;
    readonly columns: readonly [what: string, port: string, security: string];
    readonly imap: string;
    readonly pop3: string;
    readonly smtp: string;
    readonly sieve: string;
    readonly neverPlain: string;
    readonly bySelf: string;
    readonly computers: string;
    /** `{profile}` becomes a link with `profile` as its words. */
    readonly apple: string;
    readonly profile: string;
    readonly android: string;
    readonly personal: string;
    readonly exchange: string;
    readonly davx5: string;
    readonly otherPrograms: string;
    readonly back: string;
  };
}
