/** What an image knows of clouds, `/usr/lib/box/clouds.json`: by what a machine there is known, and what becomes of its mail out. */
export interface KnownCloud {
  /** For people. */
  readonly title: string;
  /** A machine is there where one of these fields of its firmware (SMBIOS, by the names of Linux's files) is one of these words. */
  readonly firmware: Readonly<Record<string, readonly string[]>>;
  /** Whether a server of a new account can reach others' port 25; and how one has it opened, or why one can't: a clause. */
  readonly port25: { readonly out: string; readonly opening: string };
}
