/** A certificate and its key, as servers of the tests are told of them. */
export interface KeyPair {
  /** Paths of PEM files. */
  readonly key: string;
  readonly certificate: string;
}
