/** What SPDX 2.3 demands of a document, in JSON Schema: written for this test, after the specification's chapters 6 to 11. */

const id = { type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$' };
const digests = { SHA256: 64, SHA512: 128 };

export const spdxSchema = {
  type: 'object',
  required: ['SPDXID', 'spdxVersion', 'dataLicense', 'name', 'documentNamespace', 'creationInfo'],
  properties: {
    SPDXID: { const: 'SPDXRef-DOCUMENT' },
    spdxVersion: { const: 'SPDX-2.3' },
    dataLicense: { const: 'CC0-1.0' },
    name: { type: 'string', minLength: 1 },
    // A URI without a fragment.
    documentNamespace: { type: 'string', pattern: '^[a-z]+:[^#]+$' },
    comment: { type: 'string' },
    creationInfo: {
      type: 'object',
      required: ['created', 'creators'],
      properties: {
        created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
        creators: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^(Tool|Organization|Person): ' },
        },
      },
      additionalProperties: false,
    },
    packages: {
      type: 'array',
      items: {
        type: 'object',
        required: ['SPDXID', 'name', 'downloadLocation'],
        properties: {
          SPDXID: id,
          name: { type: 'string', minLength: 1 },
          versionInfo: { type: 'string' },
          primaryPackagePurpose: { enum: ['APPLICATION', 'LIBRARY', 'OPERATING_SYSTEM'] },
          downloadLocation: { type: 'string' },
          filesAnalyzed: { type: 'boolean' },
          licenseDeclared: { type: 'string' },
          licenseComments: { type: 'string' },
          sourceInfo: { type: 'string' },
          comment: { type: 'string' },
          checksums: {
            type: 'array',
            items: {
              anyOf: Object.entries(digests).map(([algorithm, length]) => ({
                type: 'object',
                required: ['algorithm', 'checksumValue'],
                properties: {
                  algorithm: { const: algorithm },
                  checksumValue: { type: 'string', pattern: `^[0-9a-f]{${length}}$` },
                },
                additionalProperties: false,
              })),
            },
          },
          externalRefs: {
            type: 'array',
            items: {
              type: 'object',
              required: ['referenceCategory', 'referenceType', 'referenceLocator'],
              properties: {
                referenceCategory: { enum: ['PACKAGE-MANAGER', 'SECURITY', 'OTHER'] },
                referenceType: { type: 'string' },
                referenceLocator: { type: 'string', pattern: '^\\S+$' },
              },
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    },
    relationships: {
      type: 'array',
      items: {
        type: 'object',
        required: ['spdxElementId', 'relationshipType', 'relatedSpdxElement'],
        properties: {
          spdxElementId: id,
          relationshipType: { enum: ['DESCRIBES', 'CONTAINS', 'DEPENDS_ON'] },
          relatedSpdxElement: id,
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} as const;
