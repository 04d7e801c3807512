/** README.md above the folders of a fleet: what is done to one box, and to all of them. */
import type { Cloud } from '../../../clouds/cloud.ts';

export function fleetReadme(
  { title, launch }: Pick<Cloud, 'title' | 'launch'>,
  image: string,
  names: readonly string[],
): string {
  const each = (what: string) => `\`for box in ${names.join(' ')}; do ${what}; done\``;
  const [first = ''] = names;
  const ways =
    launch === undefined
      ? [
          `Once: write the image's URL and SHA-256 into \`box.yaml\` of each, as its README.md says. Then ${each('kubectl apply -f $box')}.`,
          `A new image: first in \`${first}/box.yaml\` alone, and \`kubectl apply -f ${first}\`; when that box serves, in the others.`,
        ]
      : [
          `Launch: ${each('tofu -chdir=$box init && tofu -chdir=$box apply -var image=IMAGE')}, where IMAGE is ${launch.image}, the same for all.`,
          `A new image: first \`tofu -chdir=${first} apply -var image=NEW\`; when that box serves, the others.`,
        ];
  return [
    `${names.length} ${names.length === 1 ? 'box' : 'boxes'} of the image ${image} at ${title}: ${names.join(', ')}. Each folder is a box by itself, and its README.md says the rest. Not tried${launch === undefined ? ' on a cluster' : ' on the real cloud'}.`,
    ...ways,
    'A box that the fleet no longer names keeps its folder and runs on: to end it is for you to do, in that folder.',
  ]
    .map((line) => `- ${line}\n`)
    .join('');
}
