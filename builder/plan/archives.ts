/** What a bake on a cloud image asks for packages: where `box.yaml` names no archive, the image's own lists stay as they are. */
import type { Archive, EsmArchive, Release } from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';

export interface Archives {
  /** Lines of sources.list(5), in place of the image's; the box keeps them. Empty where they are the image's. */
  readonly sources: readonly string[];
  /** The archive that is sold: asked in the bake and never by the box. */
  readonly esm?: EsmArchive & { readonly uri: string; readonly sources: readonly string[] };
}

/** A base that is made from packages has its archives already, and asks none in the bake. */
export function archivesOf(
  { image }: { image: Pick<Config['image'], 'mirror' | 'esmMirror'> },
  { base }: Pick<Release, 'base'>,
): Archives {
  if (base.kind === 'bootstrap') return { sources: [] };
  const { mirror, esmMirror } = image;
  return {
    sources: mirror === undefined ? [] : sourceLines(mirror, base.archive),
    ...(esmMirror === undefined || base.esm === undefined
      ? {}
      : { esm: { ...base.esm, uri: esmMirror, sources: sourceLines(esmMirror, base.esm) } }),
  };
}

/** No `signed-by`: apt of 2014 knows no such word. */
function sourceLines(uri: string, { suites, components }: Archive): string[] {
  return suites.map((suite) => `deb ${uri.replace(/\/+$/, '')} ${suite} ${components.join(' ')}`);
}
