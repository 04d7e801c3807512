/**
 * `provenance.json`: where an image came from, as an in-toto statement v1 with SLSA provenance v1. It follows from the manifest alone, so it
 * is the same for the same image, and holds what the manifest holds: no path, no mirror, no time, nothing of one box.
 */

/** What of a manifest it says. */
export interface Origin {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly sha256: string }>>;
  readonly bills?: Readonly<Record<string, { readonly sha256: string }>> | undefined;
}

export const statementType = 'https://in-toto.io/Statement/v1';
export const predicateType = 'https://slsa.dev/provenance/v1';

/** Inputs that are values and no digests, by what a verifier calls them. */
const parameters: Readonly<Record<string, string>> = {
  builder: 'builder',
  formats: 'formats',
  'disk size': 'diskSize',
};

export function provenanceOf({ name, version, release, inputs, files, bills }: Origin) {
  const values = Object.entries(parameters).flatMap(([input, parameter]) =>
    inputs[input] === undefined ? [] : [[parameter, inputs[input]] as const],
  );
  const digests = Object.entries(inputs).filter(([input]) => !Object.hasOwn(parameters, input));
  return {
    _type: statementType,
    subject: described(files),
    predicateType,
    predicate: {
      buildDefinition: {
        buildType: 'urn:letterbox:bake:v1',
        externalParameters: { image: name, release, ...Object.fromEntries(values) },
        // The first 64 bits, as the manifest has them: enough to tell inputs apart, and not called SHA-256 for it.
        resolvedDependencies: sorted(digests).map(([input, digest]) => ({
          name: input,
          digest: { 'sha256-64': digest },
        })),
      },
      // Whose machine it was is said by whoever signs.
      runDetails: {
        builder: { id: 'urn:letterbox:own-machine', version: { letterbox: version } },
        ...(bills === undefined ? {} : { byproducts: described(bills) }),
      },
    },
  };
}

const described = (files: Origin['files']) =>
  sorted(Object.entries(files)).map(([file, { sha256 }]) => ({ name: file, digest: { sha256 } }));

export function provenanceText(origin: Origin): string {
  return `${JSON.stringify(provenanceOf(origin), null, 2)}\n`;
}

function sorted<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}
