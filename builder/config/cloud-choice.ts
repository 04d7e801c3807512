/** Which of a cloud's builders a config means, what it begins with, and as whom it logs in. */
import type { Base, Cloud } from '../../clouds/cloud.ts';
import type { PackerBuilder } from '../../clouds/packer-builder.ts';
import type { CloudSection, CloudSections } from './cloud-sections.ts';

/** What the config says of a cloud. */
export function sectionOf(
  { clouds }: { readonly clouds: CloudSections },
  cloud: Pick<Cloud, 'name'>,
): CloudSection | undefined {
  return Object.entries(clouds).find(([name]) => name === cloud.name)?.[1];
}

/** @throws where the cloud has no builder at all: such a one has no section. */
export function chosenBuilder(cloud: Pick<Cloud, 'name' | 'builders'>, section: CloudSection): PackerBuilder {
  const builder = cloud.builders.find(({ type }) => type === section.builder) ?? cloud.builders[0];
  if (builder === undefined) throw new Error(`Packer has no builder for ${cloud.name}`);
  return builder;
}

/** The remedy where a config lacks a cloud's section: one that is as short as can be, to be written into it. */
export function sectionNeeded({ name, builders }: Pick<Cloud, 'name' | 'builders'>): string {
  const needed = Object.entries(builders[0]?.options ?? {}).filter(([, option]) => option.required);
  const options = needed.map(
    ([key, option]) => `${key}: ${'example' in option ? JSON.stringify(option.example) : '...'}`,
  );
  return `add the section, with values of your own: clouds: { ${name}: { ${options.join(', ')} } } (docs/config.md)`;
}

/** Whether the config itself says what to begin with. */
export function namesBase(builder: PackerBuilder, section: CloudSection): boolean {
  return builder.baseOptions.some((option) => section[option] !== undefined);
}

/** Who logs in; undefined where neither the config nor the release's base says. */
export function userOf(section: CloudSection, base: Base | undefined): string | undefined {
  if (typeof section.ssh_username === 'string') return section.ssh_username;
  return base === undefined || 'none' in base ? undefined : base.user;
}
