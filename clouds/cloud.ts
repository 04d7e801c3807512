/** What Letterbox knows of a place where an image is launched. One more is one more entry in `index.ts`. */
export interface Cloud {
  readonly name: string;
  /** Bytes of user-data that it takes, as the user must upload it. */
  readonly userDataLimit: number;
  /** What it calls the disk that holds the root file system, by the drivers that it may show it with. */
  readonly rootDisks: readonly string[];
  /** A disk of the machine that it erases at times. */
  readonly temporaryDisk?: {
    /** The cloud's name in a sentence. */
    readonly whose: string;
    readonly device: string;
    /** Where the disks are named that it keeps. */
    readonly dataDisks: string;
  };
}
