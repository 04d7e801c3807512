/** What docs/clouds.md says of a fleet. */
import type { Cloud } from '../../clouds/cloud.ts';
import { clouds } from '../../clouds/index.ts';
import { usualSize } from '../../clouds/launch-plan.ts';
import { ownKeys } from './fleet.ts';

/** `cloud`: the one of the example. */
export function fleetPart({ name, builders }: Pick<Cloud, 'name' | 'builders'>): string[] {
  const needed = Object.entries(builders[0]?.options ?? {}).flatMap(([key, one]) =>
    one.required && 'example' in one ? [{ key, example: one.example }] : [],
  );
  // What makes a server large, where it is called so.
  const shown = needed.find(({ key }) => key.endsWith('type')) ?? needed[0];
  const keys = ownKeys.map((key) => `\`${key}\``).join(', ');
  return [
    'Many boxes are one `fleet.yaml`: a `base`, which is a whole box.yaml, and what each box has different from it.',
    [
      '```yaml fleet.yaml',
      'base: box.yaml',
      'boxes:',
      '  - name: club',
      '    box:',
      '      hostname: box.club.example.net',
      '      admin: { email: me@club.example.net }',
      `    clouds: { ${name}: { ${shown?.key}: ${JSON.stringify(shown?.example)} } }`,
      '    size: { volume: 40GiB }',
      '  - name: shop',
      '    box:',
      '      hostname: box.shop.example.org',
      '      admin: { email: me@shop.example.org }',
      '      timezone: Europe/Berlin',
      '```',
    ].join('\n'),
    `\`letterbox check fleet.yaml\` and \`plan\` take it as they take a box.yaml, and \`letterbox launch fleet.yaml --on ${name}\` writes \`out/<name of the base>/fleet/${name}/\`: for each box the folder that it would have by itself, named as the box is, and a page above them. Bake, export and import the base: one image serves all boxes. So a box may have of its own ${keys}, laid over those of the base key by key, a list in the place of the list; all else is refused. \`clouds\` there shapes what is launched, not how the image is baked. \`size\` is \`volume\` (${usualSize.volume}GiB without it) and, where machines have no types, \`cpus\` and \`memory\` (${clouds
      .filter(({ launch, manifests }) => manifests !== undefined || launch?.freeSize)
      .map((cloud) => `\`${cloud.name}\``)
      .join(', ')}); elsewhere the type is a word of \`clouds\`.`,
    'No two boxes may have the same `name`, host name, password hash, public address, backup to begin with, or administrator at one domain, since the mail of a domain is one box’s. Each folder has a state of its own, so what is done to one box can touch no other: a new image goes to one box first, and one that is taken out of the file is left as it runs. (In one common module, its volume would be destroyed at the next `apply`: what forbids that is gone from the configuration with it.)',
  ];
}
