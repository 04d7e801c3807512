/** `provenance.json`: the fields that in-toto and SLSA want, the same text for the same image, and nothing of a machine or a box. */
import test from 'ava';
import { provenanceOf, provenanceText } from '../../../../builder/trust/provenance.ts';

const sha256 = 'a'.repeat(64);
const manifest = {
  name: 'example',
  version: '0.1.0',
  release: 'debian-13',
  inputs: {
    'base tree': '62cb6dee39263a30',
    '/etc/aliases': '8426edd13c96c571',
    builder: 'native',
    formats: 'qcow2 vhd',
    'disk size': '8589934592',
  },
  files: { 'example.vhd': { bytes: 2, sha256 }, 'example.qcow2': { bytes: 1, sha256 } },
};

test('subjects are the disks, parameters what the config says of the image, dependencies the digests of all inputs', (t) => {
  t.deepEqual(provenanceOf(manifest), {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: 'example.qcow2', digest: { sha256 } },
      { name: 'example.vhd', digest: { sha256 } },
    ],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:letterbox:bake:v1',
        externalParameters: {
          image: 'example',
          release: 'debian-13',
          builder: 'native',
          formats: 'qcow2 vhd',
          diskSize: '8589934592',
        },
        resolvedDependencies: [
          { name: '/etc/aliases', digest: { 'sha256-64': '8426edd13c96c571' } },
          { name: 'base tree', digest: { 'sha256-64': '62cb6dee39263a30' } },
        ],
      },
      runDetails: { builder: { id: 'urn:letterbox:own-machine', version: { letterbox: '0.1.0' } } },
    },
  });
});

test('a lock is among the dependencies, by the first digits of its file', (t) => {
  const inputs = { ...manifest.inputs, lock: 'f00dfeedf00dfeed' };
  t.deepEqual(provenanceOf({ ...manifest, inputs }).predicate.buildDefinition.resolvedDependencies.at(-1), {
    name: 'lock',
    digest: { 'sha256-64': 'f00dfeedf00dfeed' },
  });
});

test('the bills of materials are what the bake made besides', (t) => {
  const { runDetails } = provenanceOf({ ...manifest, bills: { 'bom.cdx.json': { sha256 } } }).predicate;
  t.deepEqual(runDetails.byproducts, [{ name: 'bom.cdx.json', digest: { sha256 } }]);
});

test('the order in which inputs and files were found makes no difference', (t) => {
  const turned = {
    ...manifest,
    inputs: Object.fromEntries(Object.entries(manifest.inputs).reverse()),
    files: Object.fromEntries(Object.entries(manifest.files).reverse()),
  };
  t.is(provenanceText(turned), provenanceText(manifest));
});

test('of a manifest only what is named gets into it', (t) => {
  const more = { ...manifest, secret: 'hunter2', mirror: 'https://mirror.example.net' };
  t.is(provenanceText(more), provenanceText(manifest));
});
