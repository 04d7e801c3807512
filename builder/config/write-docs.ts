/** `npm run docs`: writes docs/config.md and docs/box.schema.json anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { releases } from '../../releases/index.ts';
import { editorSchema, reference } from './docs.ts';

const others = new Map(
  readdirSync('examples')
    .sort()
    .map((name) => [name, readFileSync(`examples/${name}`, 'utf8')]),
);

writeFileSync('docs/config.md', reference(releases, readFileSync('example.yaml', 'utf8'), others));
writeFileSync('docs/box.schema.json', editorSchema(releases));
