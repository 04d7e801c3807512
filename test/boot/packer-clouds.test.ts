/** The templates for clouds, before the installed Packer: `packer validate` with log-ins that open nothing. No cloud is ever asked. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { RunError, run } from '../../builder/host/run.ts';
import { cloudTemplate } from '../../builder/outputs/packer/cloud.ts';
import { type PackerTemplate, packerFlags } from '../../builder/outputs/packer/template.ts';
import { clouds } from '../../clouds/index.ts';
import type { PackerBuilder } from '../../clouds/packer-builder.ts';
import { releases } from '../../releases/index.ts';
import type { Release } from '../../releases/release.ts';
import { dummyEnvironment, type Section, sectionsOf } from '../rig/packer-sections.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-clouds-'));
const file = (name: string) => path.join(folder, name);
const environment = { ...dummyEnvironment(clouds, file('key')), CHECKPOINT_DISABLE: '1' };
const flags = packerFlags({
  bake_dir: folder,
  provision_dir: path.resolve('packer/provision'),
  disk: file('disk.raw.gz'),
  write_disk: path.resolve('packer/surrogate/write-disk.sh'),
});

const anyRelease = [...releases.values()][0] as Release;

test.before(async () => {
  for (const name of ['disk.raw.gz', 'account.json']) writeFileSync(file(name), '');
  await run(['openssl', 'genrsa', '-traditional', '-out', file('key'), '2048']);
});
test.after.always(() => rmSync(folder, { recursive: true }));

for (const release of releases.values()) {
  test.serial(
    `every builder that Packer 1.6.6 has takes all options that a config may give it, with ${release.name}`,
    async (t) => {
      const template = merged(templates(release, 'validates'));
      t.true(template.build.length > 12, `${template.build.length} sources`);
      await t.notThrowsAsync(validate(release.name, template));
    },
  );

  test.serial(`the syntax is right of one that wants to log in first, with ${release.name}`, async (t) => {
    const template = merged(templates(release, 'dials'));
    t.true(template.build.length > 0);
    await t.notThrowsAsync(validate(`${release.name}-dials`, template, '-syntax-only'));
  });
}

test.serial('the check can fail: an option that a builder does not have is refused', async (t) => {
  const [first] = templates(anyRelease, 'validates');
  const wrong = JSON.parse(JSON.stringify(first).replace('"ssh_timeout"', '"ssh_time_out"'));
  await t.throwsAsync(validate('wrong', wrong), { message: /Extraneous JSON object property/ });
});

test.serial(
  'a builder that is said to be lacking is, and one such in a file has Packer refuse the whole of it',
  async (t) => {
    const lacking = new Map(
      templates(anyRelease, 'lacks').map((template) => [Object.keys(template.source).join(), template]),
    );
    t.true(lacking.size > 1);
    const [good] = templates(anyRelease, 'validates');
    for (const [type, template] of lacking)
      await t.throwsAsync(validate(type, merged([...(good === undefined ? [] : [good]), template])), {
        message: new RegExp(type),
      });
  },
);

/** One of each section of each such builder. */
function templates(release: Release, debian: PackerBuilder['debian']): readonly PackerTemplate[] {
  return clouds.flatMap((cloud) =>
    cloud.builders
      .filter((builder) => builder.debian === debian)
      .flatMap((builder) => {
        const base = cloud.bases[release.name];
        const hasBase = base !== undefined && !('none' in base);
        const sections = sectionsOf(builder, hasBase, real(builder));
        return sections.map((section) =>
          cloudTemplate({ image: 'example', diskGiB: 8 }, release, cloud, section),
        );
      }),
  );
}

/** What Packer looks at even when it only validates. */
function real(builder: PackerBuilder): Section {
  const root =
    builder.options.ami_root_device === undefined ? {} : { launch_block_device_mappings: [surrogate] };
  return { ssh_private_key_file: file('key'), ...root };
}

const surrogate = { device_name: '/dev/xvdf', volume_size: 8, volume_type: 'gp2' };

/** Packer takes half a second for each file: all sources in one, each with a number for a name. */
function merged(
  all: readonly PackerTemplate[],
): Pick<PackerTemplate, 'variable'> & { source: object; build: object[] } {
  const source: Record<string, Record<string, unknown>> = {};
  const build = all.map((template, index) => {
    const [[type = '', inner] = []] = Object.entries(template.source);
    source[type] = { ...source[type], [`box${index}`]: inner?.box };
    return { ...template.build[0], sources: [`source.${type}.box${index}`] };
  });
  return { variable: Object.assign({}, ...all.map(({ variable }) => variable)), source, build };
}

/** @throws with all that Packer says against it, of whichever source */
async function validate(name: string, template: object | undefined, ...more: string[]): Promise<void> {
  const place = file(name);
  mkdirSync(place);
  writeFileSync(path.join(place, 'box.pkr.json'), JSON.stringify(template));
  const wanted = Object.keys((template as PackerTemplate).variable);
  const given = flags.filter((flag) => wanted.some((variable) => flag.startsWith(`-var=${variable}=`)));
  const against: string[] = [];
  const onLine = (line: string) => {
    if (/^(?:Error: (?!\d+ error)|\* )/.test(line)) against.push(line);
  };
  try {
    await run(['packer', 'validate', ...more, ...given, place], { env: environment, onLine });
  } catch (error) {
    if (!(error instanceof RunError) || error.exitCode === undefined) throw error;
    throw new Error([...new Set(against)].join('\n'));
  }
}
