/** What the cloud of a config puts into its image: packages that its datasource needs, and nothing at any other. */
import test from 'ava';
import { clouds } from '../../../../clouds/index.ts';
import { releases } from '../../../../releases/index.ts';
import { makeTestPlan } from '../roles/planned.ts';

for (const release of releases.values())
  test(`${release.name}: an image is the same for all clouds, but for what a cloud’s datasource needs`, (t) => {
    const { sshKeys: _, settings: __, ...usual } = makeTestPlan(release);
    for (const { name, packages } of clouds) {
      const { packages: all, ...rest } = makeTestPlan(release, { cloud: name });
      const own = packages?.[release.name] ?? [];
      t.deepEqual(
        all.filter((one) => !own.includes(one)),
        usual.packages,
        name,
      );
      for (const one of own) t.true(all.includes(one), name);
      t.deepEqual(rest.files, usual.files, name);
      t.deepEqual(rest.image, usual.image, name);
    }
  });

test('the program that reads guestinfo comes with vSphere, where cloud-init knows of it', (t) => {
  const having = [...releases.values()].filter((release) =>
    makeTestPlan(release, { cloud: 'vsphere' }).packages.includes('open-vm-tools'),
  );
  t.deepEqual(
    having.map(({ name }) => name).sort(),
    [...releases.values()]
      .filter(({ init }) => init === 'systemd')
      .map(({ name }) => name)
      .sort(),
  );
});
