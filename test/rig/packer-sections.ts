/** Sections of `clouds:` with every option that a builder has, and a log-in for each that opens nothing. */
import type { Cloud } from '../../clouds/cloud.ts';
import type { Option, Options, PackerBuilder } from '../../clouds/packer-builder.ts';

export type Section = Record<string, unknown>;

/** Options that exclude another of the same builder. */
const excluding = ['linked_clone'];

/**
 * The first has all options but those that exclude one another: of these, each further section has one. `own` stands in place of an
 * option's example where that has to be real.
 */
export function sectionsOf(builder: PackerBuilder, base: boolean, own: Section): readonly Section[] {
  const alternatives = (builder.oneOf ?? []).filter((names) => !names.some((name) => isBase(builder, name)));
  const exclusive = new Set([...builder.baseOptions, ...alternatives.flat(), ...excluding]);
  const all = examples(builder.options);
  const common = Object.fromEntries(Object.entries(all).filter(([name]) => !exclusive.has(name)));
  const firsts = Object.fromEntries(alternatives.map(([first = '']) => [first, all[first]]));
  const begin = (name: string) => ({ [name]: all[name] });
  const start = base || builder.baseOptions.length === 0 ? {} : begin(builder.baseOptions[0] ?? '');
  const whole = { builder: builder.type, ...common, ...firsts, ...start, ...own };
  const others = [
    ...alternatives.flatMap((names) =>
      names.slice(1).map((name) => without({ ...whole, ...begin(name) }, names[0])),
    ),
    ...basesOf(builder).map((names) => ({
      ...without(whole, ...Object.keys(start)),
      ...Object.assign({}, ...names.map(begin)),
    })),
    ...excluding
      .filter((name) => builder.options[name] !== undefined)
      .map((name) => ({ ...without(whole, 'disk_size'), ...begin(name) })),
  ];
  return [whole, ...others];
}

/** What to begin with by one option each, or by those that have a beginning in common: `image_offer`, `image_sku`. */
function basesOf({ baseOptions }: PackerBuilder): readonly (readonly string[])[] {
  const together = [
    /^image_(?:publisher|offer|sku)$/,
    /^custom_managed_image_/,
    /^source_image_(?:family|project_id)$/,
  ];
  const groups = new Map<string, string[]>();
  for (const name of baseOptions) {
    const key = together.find((pattern) => pattern.test(name))?.source ?? name;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

const isBase = ({ baseOptions }: PackerBuilder, name: string) => baseOptions.includes(name);

const without = (section: Section, ...names: readonly (string | undefined)[]): Section =>
  Object.fromEntries(Object.entries(section).filter(([name]) => !names.includes(name)));

function examples(options: Options): Section {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, exampleOf(option)]));
}

function exampleOf(option: Option): unknown {
  if (!('options' in option)) return option.example;
  const one = examples(option.options);
  return option.type === 'blocks' ? [one] : one;
}

/** The environment of a bake at each of them: the first set of credentials that it takes. `keyFile`: an RSA key in PKCS#1. */
export function dummyEnvironment(clouds: readonly Cloud[], keyFile: string): Record<string, string> {
  const names = clouds.flatMap(({ builders }) =>
    builders.flatMap(({ credentials }) => credentials[0]?.map(({ env }) => env) ?? []),
  );
  const id = '11111111-2222-3333-4444-555555555555';
  const values = names.map((name) => [name, name.endsWith('KEY_FILE') ? keyFile : id]);
  return Object.fromEntries(values) as Record<string, string>;
}
