/** Asks a sqlite_table(5) of Postfix as Postfix does: the real query of the overlay, on a database of the test. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { python } from '../../../box/machine/machine.ts';
import { schema } from '../../../box/mail/database.ts';

const program = `
import json, sqlite3, sys
order = json.load(sys.stdin)
database = sqlite3.connect(":memory:")
for statement in order["statements"]:
    database.execute(statement)
print(json.dumps([database.execute(query).fetchall() for query in order["queries"]]))
`;

/**
 * The answers to these keys, a list for each, on a database that holds what `rows` (SQL) puts into it. `%s` is the key, `%u`
 * and `%d` its two halves, in SQL's quotes; a key without one of them is not asked for where the query names it.
 */
export function lookUp(table: string, rows: readonly string[], keys: readonly string[]): string[][] {
  const text = readFileSync(`overlays/postfix/common/etc/postfix/${table}`, 'utf8');
  const query = /^query =((?:.*\n)(?:[ \t].*\n)*)/m.exec(text)?.[1] ?? '';
  const asked = keys.map((key) => expand(query, key));
  const order = {
    statements: [...schema.map(({ sql }) => sql), ...rows],
    queries: asked.filter((sql) => sql !== undefined),
  };
  const answers: string[][][] = JSON.parse(
    execFileSync(python[0], [...python.slice(1), '-c', program], {
      input: JSON.stringify(order),
      encoding: 'utf8',
    }),
  );
  return asked.map((sql) => (sql === undefined ? [] : (answers.shift() ?? []).map(([value = '']) => value)));
}

/** sqlite_table(5): the query for a key, which Postfix has in lower case; undefined where it does not ask. */
function expand(query: string, key: string): string | undefined {
  const folded = key.toLowerCase();
  const at = folded.lastIndexOf('@');
  const parts: Record<string, string> = {
    s: folded,
    u: at < 0 ? folded : folded.slice(0, at),
    d: at < 0 ? '' : folded.slice(at + 1),
  };
  let whole = true;
  const sql = query.replace(/%(.)/g, (_, letter: string) => {
    if (letter === '%') return '%';
    const value = parts[letter] ?? '';
    if (value === '') whole = false;
    return value.replaceAll("'", "''");
  });
  return whole ? sql : undefined;
}
