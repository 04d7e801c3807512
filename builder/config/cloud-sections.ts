/** The shape of `clouds:` in box.yaml, made from what clouds/ says of each builder's options. */
import * as z from 'zod';
import type { Cloud } from '../../clouds/cloud.ts';
import { type CloudName, clouds } from '../../clouds/index.ts';
import type { Option, Options, PackerBuilder } from '../../clouds/packer-builder.ts';

/** One cloud's section: options of its builder, and which builder, where it has two. */
export type CloudSection = Readonly<Record<string, unknown>> & { readonly builder?: string };
export type CloudSections = Readonly<Partial<Record<CloudName, CloudSection>>>;

const word = () => z.string().min(1, 'must not be empty');

const plainValues = {
  string: word,
  number: () =>
    z.int('must be a whole number').min(1, 'must be at least 1').max(2_000_000_000, 'is too large'),
  bool: () => z.boolean(),
  list: () => z.array(word().meta({ title: 'text' })),
  map: () => z.record(z.string(), word()),
};

const titles = {
  string: 'text',
  number: 'whole number',
  bool: 'true or false',
  list: 'list of text',
  map: 'names with text',
} as const;

const sections = z.strictObject(
  Object.fromEntries(
    clouds
      .filter(({ builders }) => builders.length > 0)
      .map((cloud) => [cloud.name, sectionOf(cloud).optional().describe(aboutOf(cloud))]),
  ),
) as unknown as z.ZodType<CloudSections, CloudSections>;

/** One section for each cloud that Packer has a builder for. */
export const cloudSections = sections
  .prefault({})
  .describe(
    "How `letterbox bake --on` has Packer bake the image at a cloud: the options of Packer's builder, by its own names and types. What a log-in there needs comes from the environment and is refused here.",
  );

/** The options of all its builders; which of them the chosen one has, and needs, is a rule. */
function sectionOf({ builders }: Cloud): z.ZodObject {
  const options: Options = Object.assign({}, ...builders.map((builder) => builder.options));
  const types = builders.map(({ type }) => type);
  const choice = () => z.enum(types).optional().describe('Which builder. Without it: the first.');
  const neededByAll = (name: string) => builders.every((builder) => builder.options[name]?.required);
  return sectionWith({
    ...(types.length > 1 ? { builder: choice } : {}),
    ...kindsOf(options, neededByAll),
  });
}

type Kinds = Readonly<Record<string, () => z.ZodType>>;

function kindsOf(options: Options, needed: (name: string) => boolean): Kinds {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const made = () => {
        const value = kindOf(option);
        return (needed(name) ? value : value.optional()).describe(option.about);
      };
      return [name, made];
    }),
  );
}

/** The options are made when a config has the section, or the reference is: they are hundreds, of which most configs have none. */
function sectionWith(kinds: Kinds): z.ZodObject {
  const shape: z.ZodRawShape = {};
  for (const [name, get] of Object.entries(kinds))
    Object.defineProperty(shape, name, { get, enumerable: true });
  return z.strictObject(shape);
}

function kindOf(option: Option): z.ZodType {
  if ('options' in option) {
    const { options } = option;
    const section = sectionWith(kindsOf(options, (name) => options[name]?.required ?? false));
    return option.type === 'block' ? section : z.array(section);
  }
  return plainValues[option.type]().meta({ title: titles[option.type], examples: [option.example] });
}

function aboutOf({ title, also = [], builders }: Cloud): string {
  const what = builders.map(({ type }) => `\`${type}\``).join(' or ');
  const names = [title, ...also].join(', ');
  const sets = [...new Set(builders.flatMap(credentialSets))].join(', or ');
  return `${names}: Packer's ${what}. From the environment: ${sets}. Not tried on the real cloud.`;
}

function credentialSets({ credentials }: PackerBuilder): string[] {
  return credentials.map((set) => set.map(({ env }) => `\`${env}\``).join(' '));
}
