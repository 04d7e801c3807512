/** Fills a daemon's configuration template: Mustache without its HTML habits, and strict about names. */
import { existsSync, readFileSync } from 'node:fs';
import Mustache from 'mustache';
import { projectRoot } from '../paths.ts';
import type { TemplateValues } from '../roles/role.ts';

/** A template that doesn't fit its values: a defect of the project, not of the user's config. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/**
 * Renders `template`. Text goes in as it is (no HTML escaping).
 * `used` collects the top-level names that the template mentions, so that a caller can find values nobody uses.
 * @throws TemplateError for a name that `values` does not have, and for a syntax error.
 */
export function render(template: string, values: TemplateValues, from: string, used: Set<string>): string {
  // Most names of files and many templates' texts have no hole, and the library looks at every character for one.
  if (!template.includes('{{')) return template;
  for (const name of topLevelNames(template, from)) {
    if (!Object.hasOwn(values, name)) {
      throw new TemplateError(`${from}: {{${name}}} has no value; add it to the role's values or remove it`);
    }
    used.add(name);
  }
  return Mustache.render(template, values, {}, { escape: String });
}

/** The project's own templates as build.js had them parsed, by their text: one that was changed since is parsed here. */
function knowParsed(): void {
  const file = `${projectRoot}dist/templates.json`;
  const parsed = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Token[]>) : {};
  // Its published types take the tokens for text.
  Mustache.templateCache = new Map<string, unknown>(Object.entries(parsed)) as typeof Mustache.templateCache;
  isKnown = true;
}
let isKnown = false;

type Token = [type: string, name: string, start: number, end: number, children?: Token[]];

/** Names outside of any section: inside one, a name may belong to the section's item. */
function topLevelNames(template: string, from: string): string[] {
  if (!isKnown) knowParsed();
  let tokens: Token[];
  try {
    tokens = Mustache.parse(template) as Token[];
  } catch (error) {
    throw new TemplateError(`${from}: ${(error as Error).message}`);
  }
  const names: string[] = [];
  for (const [type, name] of tokens) {
    if (type === '>' || type === '=')
      throw new TemplateError(`${from}: partials and changed delimiters are not used here`);
    if (type !== 'text' && type !== '!') names.push(name);
  }
  return names;
}
