/** What a signature says of its image besides the sums, in the trusted comment: with it no image passes for another one. */
export interface Named {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Absent where the bake did not learn it. */
  readonly imageId?: string | undefined;
}

export function imageComment({ name, version, release, imageId }: Named): string {
  const words = [`image:${name}`, `release:${release}`, `letterbox:${version}`];
  return [...words, ...(imageId === undefined ? [] : [`id:${imageId}`])].join('\t');
}
