/** The bill as CycloneDX 1.6. */
import { ComponentType, HashAlgorithm } from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import { JSON as Json, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize';
import { isSupportedSpdxId } from '@cyclonedx/cyclonedx-library/SPDX';
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec';
import { type Component, type Subject, uuidOf } from './component.ts';

const types: Readonly<Record<Component['kind'], ComponentType>> = {
  package: ComponentType.Library,
  library: ComponentType.Library,
  download: ComponentType.Application,
  letterbox: ComponentType.Application,
};

export function cyclonedxText(subject: Subject, components: readonly Component[]): string {
  const { name, id, version, release, disks } = subject;
  const image = new Models.Component(ComponentType.OperatingSystem, name, { version: id, bomRef: 'image' });
  image.properties.add(new Models.Property('letterbox:release', release));
  for (const [disk, { sha256 }] of Object.entries(disks))
    image.properties.add(new Models.Property(`letterbox:disk:${disk}:sha256`, sha256));
  const bom = new Models.Bom({ serialNumber: `urn:uuid:${uuidOf(subject)}` });
  bom.metadata.component = image;
  bom.metadata.timestamp = new Date(`${subject.date}T00:00:00Z`);
  bom.metadata.tools.components.add(
    new Models.Component(ComponentType.Application, 'letterbox', { version }),
  );
  const made = new Map(components.map((component) => [component.purl, partOf(component)]));
  const needed = new Set(components.flatMap(({ needs }) => needs));
  for (const { purl, needs } of components) {
    const part = made.get(purl) as Models.Component;
    for (const other of needs) {
      const found = made.get(other);
      if (found !== undefined) part.dependencies.add(found.bomRef);
    }
    if (!needed.has(purl)) image.dependencies.add(part.bomRef);
    bom.components.add(part);
  }
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function partOf({ kind, name, version, purl, licences, source, digest }: Component): Models.Component {
  const part = new Models.Component(types[kind], name, { version, purl, bomRef: purl });
  for (const licence of licences)
    part.licenses.add(
      isSupportedSpdxId(licence) ? new Models.SpdxLicense(licence) : new Models.NamedLicense(licence),
    );
  if (digest !== undefined) part.hashes.set(HashAlgorithm[digest.algorithm], digest.content);
  if (source !== undefined) part.properties.add(new Models.Property('letterbox:source', source));
  return part;
}
