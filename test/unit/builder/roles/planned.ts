/** A plan for tests of the roles: any release, with parts of the config changed. */
import { configSchema } from '../../../../builder/config/schema.ts';
import { makePlan } from '../../../../builder/plan/plan.ts';
import type { Release } from '../../../../releases/release.ts';

export const testConfig = (release: Release, changes: object = {}) =>
  configSchema.parse({
    name: 'test',
    release: release.name,
    box: { hostname: 'box.example.com', admin: { email: 'me@example.com' } },
    ...changes,
  });

export const makeTestPlan = (release: Release, changes: object = {}) =>
  makePlan(testConfig(release, changes), release);

/** Gives a function that finds a planned file's text by its path on the box. */
export function planOf(release: Release, changes: object = {}): (path: string) => string {
  const { files } = makeTestPlan(release, changes);
  return (path) => {
    const found = files.find((file) => file.path === path);
    if (found === undefined) throw new Error(`no ${path} is planned for ${release.name}`);
    return found.text;
  };
}
