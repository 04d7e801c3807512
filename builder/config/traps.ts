/**
 * Plain values that YAML 1.1 and YAML 1.2 read differently: `no`, `010`, `1:30`, `2024-01-01`, `1_000`.
 * The config is YAML 1.2, but people and their tools may think in 1.1, so such a value is refused
 * instead of quietly meaning one or the other.
 */
import { Schema } from 'yaml';

let schema: Schema | undefined;

/** What YAML 1.1 makes of a plain scalar. */
function readAs11(source: string): unknown {
  schema ??= new Schema({ schema: 'yaml-1.1' });
  for (const tag of schema.tags) {
    if (!('test' in tag) || tag.default !== true || !tag.test?.test(source)) continue;
    return tag.resolve(source, () => {}, {});
  }
  return source;
}

/** How the two versions read a plain scalar, where they differ. The value itself may be secret and is not told. */
export function versionTrap(source: string, readAs12: unknown): string | undefined {
  const other = readAs11(source);
  // The library gives some values as a node.
  const old = typeof other === 'object' && other !== null && 'value' in other ? other.value : other;
  if (Object.is(old, readAs12)) return undefined;
  if (typeof old === 'number' && typeof readAs12 === 'number')
    return 'is one number to YAML 1.1 and another to YAML 1.2';
  return `is ${spoken(old)} to YAML 1.1 and ${spoken(readAs12)} to YAML 1.2`;
}

function spoken(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  if (value instanceof Date) return 'a date';
  return value === null ? 'nothing' : String(value);
}
