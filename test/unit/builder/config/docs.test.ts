/** docs/config.md and docs/box.schema.json are made from the schema, docs/clouds.md from clouds/; `npm run docs` rewrites them. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { cloudReference } from '../../../../builder/config/cloud-docs.ts';
import { editorSchema, reference } from '../../../../builder/config/docs.ts';
import { examples } from '../../../../builder/config/examples.ts';
import { clouds } from '../../../../clouds/index.ts';
import { releases } from '../../../../releases/index.ts';

test('docs/config.md is what the schema says', (t) => {
  const now = reference(releases, readFileSync('example.yaml', 'utf8'), examples());
  t.is(readFileSync('docs/config.md', 'utf8'), now, 'run `npm run docs`');
});

test('docs/box.schema.json is what the schema says', (t) => {
  t.is(readFileSync('docs/box.schema.json', 'utf8'), editorSchema(releases), 'run `npm run docs`');
});

test('docs/clouds.md is what clouds/ says, and says of each that it was not tried', (t) => {
  const text = readFileSync('docs/clouds.md', 'utf8');
  t.is(text, cloudReference(), 'run `npm run docs`');
  for (const { name, title, builders } of clouds)
    if (builders.length > 0)
      t.regex(
        text,
        new RegExp(
          `^\\| \`${name}\` ${title.replace(/[()]/g, '.')}.*\\| not tried on the real cloud \\|$`,
          'm',
        ),
        name,
      );
});

test('every key has a description, and every default and example is one that the key would take', (t) => {
  const walk = (shape: Record<string, unknown>, path: string): void => {
    if (path !== '') t.is(typeof shape.description, 'string', path);
    const patterns = typeof shape.pattern === 'string' ? [new RegExp(shape.pattern)] : [];
    for (const pattern of patterns)
      if (shape.default !== undefined) t.regex(String(shape.default), pattern, path);
    for (const [key, inner] of Object.entries(shape.properties ?? {}))
      walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(JSON.parse(editorSchema(releases)), '');
});

test('the editors know the names of the releases and refuse unknown keys', (t) => {
  const schema = JSON.parse(editorSchema(releases));
  t.deepEqual(schema.properties.release.enum, [...releases.keys()]);
  t.false(schema.additionalProperties);
  t.is(schema.properties.image.properties.diskSize.default, '8GiB');
  t.is(schema.properties.image.properties.diskSize.type, 'string');
});
