/** What launches a small box at each cloud, whole: `make golden` rewrites it. User-data has its own tests. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { launchKit } from '../../builder/commands/launch.ts';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { clouds } from '../../clouds/index.ts';

const folder = path.resolve('test/golden/launch/expected');
const update = process.env.UPDATE_GOLDEN === '1';
const launched = clouds.filter(({ launch, manifests }) => launch !== undefined || manifests !== undefined);

for (const cloud of launched) {
  test.serial(`the kit for ${cloud.name} is test/golden/launch/expected/${cloud.name}`, async (t) => {
    const { config } = loadConfig('examples/data-disk.yaml');
    const { plan } = await compile(config);
    const kit = launchKit(
      {
        config: { ...config, clouds: Object.fromEntries(clouds.map(({ name }) => [name, {}])) },
        // As most will have it: the kit says what the volume is called.
        plan: { ...plan, settings: { ...plan.settings, storage: {} } },
      },
      cloud,
    ).filter(({ secret }) => secret !== true);
    for (const { path: name, content } of kit) {
      const file = path.join(folder, path.relative('launch', name));
      if (update) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      t.is(String(content), readFileSync(file, 'utf8'), file);
    }
    const expected = readdirSync(path.join(folder, cloud.name));
    t.deepEqual(expected.sort(), kit.map(({ path: name }) => path.basename(name)).sort());
  });
}

test.serial('there is no kit here that none makes', (t) => {
  t.deepEqual(readdirSync(folder).sort(), launched.map(({ name }) => name).sort());
});
