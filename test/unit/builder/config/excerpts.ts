/** What a terminal shows of a wrong config, for the tests of it. */
import { pictured } from '../../../../builder/config/excerpt.ts';
import { parseConfig } from '../../../../builder/config/load.ts';
import { ConfigError } from '../../../../builder/config/problem.ts';

export function errorOf(text: string): ConfigError | undefined {
  try {
    parseConfig(text, 'box.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return undefined;
}

/** The lines of the picture alone. */
export function excerptOf(text: string, columns?: number): string[] {
  const error = errorOf(text);
  if (error === undefined) return [];
  const messages = error.message.split('\n');
  return pictured(error, columns)
    .split('\n')
    .filter((line) => !messages.includes(line));
}
