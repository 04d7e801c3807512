/** README.md of a launch kit: five lines for whoever opens the folder. */
import type { Cloud } from '../../../clouds/cloud.ts';
import type { Launch } from '../../../clouds/launch-plan.ts';

export function tofuReadme(
  launch: Launch,
  { name, title, import: way }: Pick<Cloud, 'name' | 'title' | 'import'>,
  hostname: string,
): string {
  const made = `\`letterbox export --for ${name}\`, then \`letterbox import --to ${name}\`, make the image there.`;
  return [
    `${hostname} at ${title}: server, addresses, firewall and a state volume that outlives the server. Not tried on the real cloud.`,
    `Who you are there: ${launch.login}. \`user-data\`, and OpenTofu's own \`terraform.tfstate\`, are for your eyes only.`,
    [
      `Launch: \`tofu init\`, then \`tofu apply -var image=IMAGE\`, where IMAGE is ${launch.image} (\`terraform\` takes the same).`,
      ...(way === undefined ? [] : [made]),
    ].join(' '),
    `A new image: \`tofu apply -var image=NEW\`. The server is replaced; addresses and volume stay, and OpenTofu refuses to destroy them.`,
    ['Then: `tofu output dns_steps` says what to do at the registrar.', ...launch.notes].join(' '),
  ]
    .map((line) => `- ${line}\n`)
    .join('');
}
