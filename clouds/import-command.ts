/** What one types to have the exported file become an image at a cloud: argument vectors of its own tools, in order. */

export type Argv = readonly [string, ...string[]];

/**
 * A `{word}` in an argument stands for a value: `{file}` is the exported file's path, `{object}` a name for it in a store, `{image}` the
 * image's name there. Others are options of the cloud's section in box.yaml, what an earlier command `gives`, or in `fill`.
 */
export interface ImportCommand {
  /** A clause, e.g. `the disk goes to the bucket`. */
  readonly does: string;
  readonly argv: Argv;
  /** A path that is fed to its standard input. */
  readonly input?: string;
  /** The word for what it prints on standard output. */
  readonly gives?: string;
  /** Removes what it makes, or has begun to make. It is done with once it was run as a command itself. */
  readonly undo?: Argv;
  /** The word of an earlier thing that has gone by itself when this one was run. */
  readonly gone?: string;
  /** Not to be run with the others: when, e.g. `when the image is there`. */
  readonly later?: string;
}

export interface ImportCommands {
  readonly steps: readonly ImportCommand[];
  /** Words that only the user knows, and what each is. */
  readonly fill: Readonly<Record<string, string>>;
  /** What must be there first, a sentence. */
  readonly first: string;
}
