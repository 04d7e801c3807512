/** One file of the overlay, as it will lie on the box. */
export interface PlanFile {
  /** Absolute path on the box. */
  readonly path: string;
  /** Permission bits in octal, e.g. `0644`. */
  readonly mode: string;
  /** Numeric ids would differ between images: names only, resolved in the bake. */
  readonly owner: string;
  readonly group: string;
  readonly text: string;
  /** Its source, relative to the project: one grep shows the path of a value. */
  readonly from: string;
}
