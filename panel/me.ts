/** Who uses the panel, as the log-in tells. */
export interface Me {
  readonly email: string;
  readonly privileges: readonly string[];
  /** Whether the image has a webmail. */
  readonly webmail: boolean;
}
