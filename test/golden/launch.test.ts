/** What launches a small box at each cloud, whole: `make golden` rewrites it. User-data has its own tests. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { launchKit } from '../../builder/commands/launch.ts';
import { fleetKit } from '../../builder/commands/launch-fleet.ts';
import { planned } from '../../builder/compile.ts';
import { loadFleet } from '../../builder/config/fleet.ts';
import { loadConfig } from '../../builder/config/load.ts';
import type { OutputFile } from '../../builder/host/write.ts';
import { cloudOf, clouds } from '../../clouds/index.ts';

const folder = path.resolve('test/golden/launch/expected');
const update = process.env.UPDATE_GOLDEN === '1';
const launched = clouds.filter(({ launch, manifests }) => launch !== undefined || manifests !== undefined);

for (const cloud of launched) {
  test.serial(`the kit for ${cloud.name} is test/golden/launch/expected/${cloud.name}`, (t) => {
    const { config } = loadConfig('examples/data-disk.yaml');
    const { plan } = planned(config);
    const kit = launchKit(
      {
        config: { ...config, clouds: Object.fromEntries(clouds.map(({ name }) => [name, {}])) },
        // As most will have it: the kit says what the volume is called.
        plan: { ...plan, settings: { ...plan.settings, storage: {} } },
      },
      cloud,
    );
    sameAs(t, kit, 'launch', path.join(folder, cloud.name), folder);
  });
}

// One for each kind of kit: what is in a box's folder is the same function as above.
for (const cloud of ['hetzner', 'kubevirt'] as const)
  test.serial(`the kit of a fleet for ${cloud} is test/golden/fleet/expected/${cloud}`, (t) => {
    const fleet = loadFleet('test/golden/fleet/fleet.yaml');
    if (fleet === undefined) return t.fail();
    const expected = path.resolve('test/golden/fleet/expected');
    sameAs(t, fleetKit(fleet, cloudOf(cloud)), 'fleet', path.join(expected, cloud), expected);
  });

/** All but the secret files, no less and no more. */
function sameAs(
  t: ExecutionContext,
  kit: readonly OutputFile[],
  from: string,
  own: string,
  all: string,
): void {
  const open = kit.filter(({ secret }) => secret !== true);
  const files = open.map(({ path: name }) => path.join(all, path.relative(from, name)));
  for (const [index, { content }] of open.entries()) {
    const file = files[index] ?? '';
    if (update) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    t.is(String(content), readFileSync(file, 'utf8'), file);
  }
  const expected = readdirSync(own, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  t.deepEqual(expected.map((entry) => path.join(entry.parentPath, entry.name)).sort(), files.sort());
}

test.serial('there is no kit here that none makes', (t) => {
  t.deepEqual(readdirSync(folder).sort(), launched.map(({ name }) => name).sort());
});
