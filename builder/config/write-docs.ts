/** `npm run docs`: writes docs/config.md, docs/clouds.md and docs/box.schema.json anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { releases } from '../../releases/index.ts';
import { cloudReference } from './cloud-docs.ts';
import { editorSchema, reference } from './docs.ts';
import { examples } from './examples.ts';

writeFileSync('docs/config.md', reference(releases, readFileSync('example.yaml', 'utf8'), examples()));
writeFileSync('docs/box.schema.json', editorSchema(releases));
writeFileSync('docs/clouds.md', cloudReference());
