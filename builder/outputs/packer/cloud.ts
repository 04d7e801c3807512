/** The template that has Packer bake at a cloud, from what clouds/ says of its builder and the config's section for it. */
import type { Cloud } from '../../../clouds/cloud.ts';
import type { Made, PackerBuilder } from '../../../clouds/packer-builder.ts';
import type { Release } from '../../../releases/release.ts';
import { chosenBuilder, namesBase, userOf } from '../../config/cloud-choice.ts';
import type { CloudSection } from '../../config/cloud-sections.ts';
import { diskProvisioners, stepProvisioners } from './provision.ts';
import { type PackerTemplate, variables } from './template.ts';

/** What whoever runs it has to say, by what is laid there. */
const variableNames = {
  steps: ['bake_dir', 'provision_dir'],
  disk: ['disk', 'write_disk'],
} as const satisfies Record<PackerBuilder['lays'], readonly string[]>;

export function cloudTemplate(
  made: Made,
  release: Release,
  cloud: Cloud,
  section: CloudSection,
): PackerTemplate {
  const builder = chosenBuilder(cloud, section);
  const base = cloud.bases[release.name];
  const user = userOf(section, base) ?? 'root';
  const begins = base === undefined || 'none' in base || namesBase(builder, section) ? {} : base.options;
  const secrets = builder.credentials.flat().filter(({ readBy }) => readBy === 'variable');
  const { builder: _chosen, ...said } = section;
  return {
    variable: {
      ...variables(variableNames[builder.lays]),
      ...Object.fromEntries(
        secrets.map(({ option, env }) => [
          option,
          { type: 'string', sensitive: true, default: `\${env("${env}")}` } as const,
        ]),
      ),
    },
    source: {
      [builder.type]: {
        box: {
          ...builder.defaults(made),
          ...begins,
          ...literal(said),
          ...Object.fromEntries(secrets.map(({ option }) => [option, `\${var.${option}}`])),
          communicator: 'ssh',
          ssh_username: user,
          ssh_timeout: '15m',
        },
      },
    },
    build: [
      {
        sources: [`source.${builder.type}.box`],
        provisioner: builder.lays === 'disk' ? diskProvisioners(user) : stepProvisioners(release, user),
      },
    ],
  };
}

/** The config's own words: nothing in them is a template of HCL's (HCL Native Syntax, "Template Literals"). */
function literal<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll(/[$%](?=\{)/g, '$&$&') as T;
  if (Array.isArray(value)) return value.map(literal) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, literal(inner)])) as T;
}
