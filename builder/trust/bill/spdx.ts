/** The bill as SPDX 2.3, in JSON. */
import { type Component, type Subject, uuidOf } from './component.ts';
import { isExpression } from './licences.ts';

const none = 'NOASSERTION';
const imageId = 'SPDXRef-image';
const comment =
  'The time is that of the newest package, and no time of the bake: the same image has the same bill. Licences are those that debian/copyright and package.json name; nobody looked at each file.';

export function spdxOf(subject: Subject, components: readonly Component[]) {
  const sorted = [...components].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const ids = new Map(sorted.map(({ purl }, index) => [purl, `SPDXRef-${index + 1}`]));
  const relation = (from: string, relationshipType: string, to: string) => ({
    spdxElementId: from,
    relationshipType,
    relatedSpdxElement: to,
  });
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subject.name,
    documentNamespace: `urn:uuid:${uuidOf(subject)}`,
    comment,
    creationInfo: { created: `${subject.date}T00:00:00Z`, creators: [`Tool: letterbox-${subject.version}`] },
    packages: [
      {
        SPDXID: imageId,
        name: subject.name,
        versionInfo: subject.id,
        primaryPackagePurpose: 'OPERATING_SYSTEM',
        downloadLocation: none,
        filesAnalyzed: false,
        comment: Object.entries(subject.disks)
          .map(([disk, { sha256 }]) => `${disk}: SHA-256 ${sha256}`)
          .sort()
          .join('\n'),
      },
      ...sorted.map((component) => ({ SPDXID: ids.get(component.purl), ...packageOf(component) })),
    ],
    relationships: [
      relation('SPDXRef-DOCUMENT', 'DESCRIBES', imageId),
      ...sorted.map(({ purl }) => relation(imageId, 'CONTAINS', ids.get(purl) ?? '')),
      ...sorted.flatMap(({ purl, needs }) =>
        needs.flatMap((other) => {
          const to = ids.get(other);
          return to === undefined ? [] : [relation(ids.get(purl) ?? '', 'DEPENDS_ON', to)];
        }),
      ),
    ],
  };
}

export function spdxText(subject: Subject, components: readonly Component[]): string {
  return `${JSON.stringify(spdxOf(subject, components), null, 2)}\n`;
}

function packageOf({ name, version, purl, licences, source, digest }: Component) {
  const told = licences.length > 0 && licences.every(isExpression);
  return {
    name,
    versionInfo: version,
    downloadLocation: none,
    filesAnalyzed: false,
    licenseDeclared: told
      ? licences.map((each) => (licences.length > 1 && / /.test(each) ? `(${each})` : each)).join(' AND ')
      : none,
    ...(told || licences.length === 0 ? {} : { licenseComments: `named: ${licences.join('; ')}` }),
    ...(source === undefined ? {} : { sourceInfo: `built from ${source}` }),
    ...(digest === undefined
      ? {}
      : { checksums: [{ algorithm: digest.algorithm.replace('-', ''), checksumValue: digest.content }] }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  };
}
