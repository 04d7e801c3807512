/**
 * Bad fleets: fleets/NAME.fleet.yaml and, in NAME.expected, all that `letterbox check` says about it.
 * `UPDATE_GOLDEN=1 npx ava test/bad-configs/*.test.ts` rewrites the expectations; read the difference.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadFleet } from '../../builder/config/fleet.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { ConfigError } from '../../builder/config/problem.ts';

const folder = path.resolve('test/bad-configs/fleets');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.fleet.yaml'))
  .map((file) => path.basename(file, '.fleet.yaml'));

for (const name of names) {
  test(name.replaceAll('-', ' '), (t) => {
    const expected = path.join(folder, `${name}.expected`);
    const error = t.throws(() => loadFleet(path.join(folder, `${name}.fleet.yaml`)), {
      instanceOf: ConfigError,
    });
    const said = `${error?.message
      .replaceAll(path.join(folder, `${name}.fleet.yaml`), 'fleet.yaml')
      .replaceAll(`${folder}/`, '')}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(expected, said);
    t.is(said, existsSync(expected) ? readFileSync(expected, 'utf8') : '', `${name}.expected`);
    for (const { rule, remedy } of error?.problems ?? [])
      t.true(rule !== '' && remedy !== '', 'a rule and a remedy');
    t.notRegex(said, /hunter2|\$[0-9a-z]+\$[./\w]{8}/, 'no secret is repeated');
    t.is(error?.text, undefined, 'no line is shown, since two files are told of');
  });
}

test('what takes one box refuses a fleet, and says what to name', (t) => {
  const error = t.throws(() => loadConfig(path.join(folder, 'shared-by-two.fleet.yaml')), {
    instanceOf: ConfigError,
  });
  t.regex(error?.message ?? '', /fleet\.yaml:1:1: is a fleet, .*; name its base, /);
});
