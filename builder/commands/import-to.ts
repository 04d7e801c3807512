/** `letterbox import --to`: the commands that make an image of the exported file at a cloud, as text or run. */
import path from 'node:path';
import { type Cloud, endingOf } from '../../clouds/cloud.ts';
import { type Found, readyExport } from '../bake/export-for.ts';
import { ImportError, type Imported, importSteps, runImport } from '../bake/run-import.ts';
import { sectionOf } from '../config/cloud-choice.ts';
import type { Config } from '../config/schema.ts';
import { notInstalled } from '../host/installed.ts';
import { type draw, Progress } from '../host/progress.ts';
import { importScript, unknownWords, type Values } from '../outputs/import-script.ts';

export interface Ready {
  readonly cloud: Cloud;
  readonly found: Found;
  readonly values: Values;
}

/** `set`: what the user gives beside the config, and in its place. @throws ExportError, ImportError */
export function readyImport(config: Config, cloud: Cloud, out: string, set: readonly string[]): Ready {
  const { name, boot } = config;
  const wanted = { cloud, out, appliance: { name, cpus: boot.cpus, memory: boot.memory } };
  const found = readyExport(wanted);
  const own = Object.fromEntries(set.map(pair));
  const words = unknownWords(found.way.commands, {});
  const strange = Object.keys(own).filter((word) => !words.includes(word));
  if (strange.length > 0)
    throw new ImportError(
      `no command for ${cloud.title} has the word ${strange.join(' or ')}: there are ${words.join(', ')}`,
    );
  // Named by what it holds, so that a second image does not want the first one's name.
  const image = own.image ?? `${name}-${found.sha256.slice(0, 8)}`;
  const section = Object.entries(sectionOf(config, cloud) ?? {}).flatMap(([option, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[option, String(value)]] : [],
  );
  const itself = { file: path.resolve(found.file), image, object: `${image}${endingOf(found.way)}` };
  const values: Values = { ...Object.fromEntries(section), ...itself, ...own };
  return { cloud, found, values };
}

function pair(text: string): readonly [string, string] {
  const [, word, value] = /^([a-z][a-z_]*)=([^\s{}<>'"]+)$/.exec(text) ?? [];
  if (word === undefined || value === undefined)
    throw new ImportError(`--set ${JSON.stringify(text)} is no word=value, e.g. bucket=my-images`);
  return [word, value];
}

/** What one types there. */
export function scriptOf({ cloud, found: { way }, values }: Ready): string {
  return importScript({
    title: cloud.title,
    commands: way.commands,
    values,
    about: (word) => aboutWord(cloud, word),
  });
}

/** @throws ImportError where a value or a program is missing, or a command fails */
export async function importThere(ready: Ready, emit: ReturnType<typeof draw>): Promise<Imported> {
  const { cloud, found, values } = ready;
  const { commands } = found.way;
  const unknown = unknownWords(commands, values);
  if (unknown.length > 0)
    throw new ImportError(
      [
        'it is not said, with --set or in the config:',
        ...unknown.map((word) => `  --set ${word}=...  ${aboutWord(cloud, word)}`),
      ].join('\n'),
    );
  const tools = [...new Set(commands.steps.map(({ argv: [tool] }) => tool))];
  const missing = notInstalled(tools);
  if (missing.length > 0)
    throw new ImportError(
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not installed: install ${missing.length === 1 ? 'it' : 'them'}, or leave out --run and type the commands where ${missing.length === 1 ? 'it is' : 'they are'}`,
    );
  return runImport(commands.steps, values, new Progress(emit, importSteps(commands.steps)));
}

function aboutWord({ name, builders, import: way }: Cloud, word: string): string {
  const filled = way?.commands.fill[word];
  if (filled !== undefined) return filled;
  const option = builders.map(({ options }) => options[word]).find((found) => found !== undefined);
  return `clouds.${name}.${word}: ${option?.about ?? ''}`.trim();
}
