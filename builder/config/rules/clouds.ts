/** Rules about the sections of `clouds:`: what the chosen builder knows, needs and begins with. */
import type { Cloud } from '../../../clouds/cloud.ts';
import { clouds } from '../../../clouds/index.ts';
import type { PackerBuilder } from '../../../clouds/packer-builder.ts';
import { chosenBuilder, namesBase, sectionOf, userOf } from '../cloud-choice.ts';
import type { CloudSection, CloudSections } from '../cloud-sections.ts';
import type { Path } from '../path.ts';
import { type Finding, type Rule, when } from './rule.ts';

interface Place {
  readonly cloud: Cloud;
  readonly section: CloudSection;
  readonly builder: PackerBuilder;
  readonly path: Path;
}

/** Asks of each section that the config has. */
function each(sections: CloudSections, ask: (place: Place) => readonly Finding[]): readonly Finding[] {
  return clouds.flatMap((cloud) => {
    const section = sectionOf({ clouds: sections }, cloud);
    if (section === undefined) return [];
    return ask({ cloud, section, builder: chosenBuilder(cloud, section), path: ['clouds', cloud.name] });
  });
}

export const cloudRules: readonly Rule[] = [
  {
    name: 'a cloud is given options of its builder',
    holds: 'Where a cloud of `clouds` has two builders, its options are those of the one that is chosen.',
    reads: ['clouds'],
    check: ({ clouds: sections }) =>
      each(sections, ({ cloud, section, builder, path }) =>
        Object.keys(section)
          .filter((key) => key !== 'builder' && builder.options[key] === undefined)
          .flatMap((key) => {
            const other = cloud.builders.find(({ options }) => options[key] !== undefined)?.type;
            const remedy = `remove it, or write builder: ${other}`;
            return when(true, [...path, key], `is no option of ${builder.type}`, remedy);
          }),
      ),
  },
  {
    name: 'a cloud is given what its builder needs',
    holds: 'Each section of `clouds` has what its builder cannot do without.',
    reads: ['clouds'],
    check: ({ clouds: sections }) =>
      each(sections, ({ section, builder, path }) => [
        ...Object.entries(builder.options).flatMap(([name, option]) =>
          when(
            option.required === true && section[name] === undefined,
            [...path, name],
            `is missing, and ${builder.type} needs it`,
            'example' in option ? `add it, like ${JSON.stringify(option.example)}` : 'add it',
          ),
        ),
        ...(builder.oneOf ?? []).flatMap((names) =>
          when(
            names.every((name) => section[name] === undefined),
            path,
            `must have ${names.join(' or ')}`,
            'add one of them',
          ),
        ),
      ]),
  },
  {
    name: 'a cloud has an image to begin with',
    holds: 'Where a cloud has no image of the release, its section of `clouds` names one.',
    reads: ['clouds', 'release'],
    check: ({ clouds: sections, release }) =>
      each(sections, ({ cloud, section, builder, path }) => {
        const base = cloud.bases[release];
        const why = base === undefined ? 'nobody has looked for one' : 'none' in base ? base.none : '';
        return when(
          builder.baseOptions.length > 0 && why !== '' && !namesBase(builder, section),
          path,
          `must name the image of ${release} to begin with: ${why}`,
          `add ${builder.baseOptions.join(' or ')}`,
        );
      }),
  },
  {
    name: 'a cloud says who logs in',
    holds:
      'Where a cloud has no image of the release, its section of `clouds` says who logs in to the one that is named.',
    reads: ['clouds', 'release'],
    check: ({ clouds: sections, release }) =>
      each(sections, ({ cloud, section, path }) =>
        when(
          userOf(section, cloud.bases[release]) === undefined,
          [...path, 'ssh_username'],
          'is missing, and the image to begin with is your own',
          'add who may log in to it by ssh, like "root"',
        ),
      ),
  },
];
