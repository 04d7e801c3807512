/** A first `box.yaml`, each key under the sentence that the reference has for it. */
import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import * as z from 'zod';
import type { CloudName } from '../../clouds/index.ts';
import { configSchema } from '../config/schema.ts';

/** What a first config says; all else has its default. */
export interface FirstConfig {
  readonly name: string;
  readonly release: string;
  readonly cloud: CloudName;
  readonly hostname: string;
  readonly email: string;
  readonly passwordHash?: string;
  readonly sshKeys: readonly string[];
}

/** The part of a JSON Schema that comments draw on. */
interface Shape {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
}

const columns = 100;

let root: Shape | undefined;

export function firstConfig({ name, release, cloud, ...box }: FirstConfig): string {
  const { hostname, email, passwordHash, sshKeys } = box;
  const document = new Document({
    name,
    release,
    cloud,
    box: {
      hostname,
      admin: { email, ...(passwordHash === undefined ? {} : { passwordHash }) },
      ...(sshKeys.length === 0 ? {} : { sshKeys }),
    },
  });
  root ??= z.toJSONSchema(configSchema, { io: 'input' }) as Shape;
  if (isMap(document.contents)) explain(document.contents, root, columns);
  // YAML 1.1's quotes are enough for both: a name such as `on` is no truth value in either.
  document.setSchema('1.1');
  const text = document.toString({ lineWidth: 0 }).replace(/^%YAML.*\n---\n/, '');
  return `# A mail box for ${hostname}. Every other key has a default: docs/config.md of Letterbox lists them.\n\n${text}`;
}

function explain({ items }: YAMLMap, { properties = {} }: Shape, width: number): void {
  for (const { key, value } of items) {
    const shape = properties[isScalar(key) ? String(key.value) : ''] ?? {};
    if (isScalar(key)) key.commentBefore = wrapped(shape.description ?? '', width);
    if (!isMap(value)) continue;
    explain(value, shape, width - 2);
    // The one key that many add later.
    const left = shape.properties?.passwordHash?.description;
    if (left !== undefined && !value.has('passwordHash'))
      value.comment = wrapped(`passwordHash: ${left}`, width - 2);
  }
}

/** Lines of a comment, without their signs. */
function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && line.length < width) lines[lines.length - 1] = line;
    else lines.push(` ${word}`);
  }
  return lines.join('\n');
}
