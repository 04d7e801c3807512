/** `letterbox launch` of a fleet: for each box the folder that it would have by itself, and one page about them all. */
import type { Cloud } from '../../clouds/cloud.ts';
import { planned } from '../compile.ts';
import type { Fleet, FleetBox } from '../config/fleet.ts';
import { ConfigError, type Problem } from '../config/problem.ts';
import type { OutputFile } from '../host/write.ts';
import { fleetReadme } from '../outputs/launch/fleet-readme.ts';
import { UserDataTooLarge } from '../outputs/user-data.ts';
import type { Plan } from '../plan/plan.ts';
import { kitFiles, LaunchError } from './launch.ts';

/** @throws ConfigError with every problem of every box */
export function fleetKit({ base, boxes }: Fleet, cloud: Cloud): OutputFile[] {
  const problems: Problem[] = [];
  const free = cloud.manifests !== undefined || cloud.launch?.freeSize === true;
  const files = boxes.flatMap((box) => {
    if (box.sized && !free) problems.push(ofItsType(box, cloud));
    try {
      return boxFiles(box, cloud);
    } catch (error) {
      if (!(error instanceof LaunchError || error instanceof UserDataTooLarge)) throw error;
      const [rule = '', ...remedy] = error.message.split(': ');
      const place = box.placeOf([]);
      problems.push({ place, key: box.keyOf([]), rule, remedy: remedy.join(': ') });
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  const names = boxes.map(({ name }) => name);
  const content = fleetReadme(cloud, base.name, names);
  return [...files, { path: 'README.md', content }].map((file) => ({
    ...file,
    path: `fleet/${cloud.name}/${file.path}`,
  }));
}

/** Equal but for what each box is told. */
export function fleetPlans({
  boxes,
}: Pick<Fleet, 'boxes'>): { readonly name: string; readonly plan: Plan }[] {
  return boxes.map(({ name, config }) => ({ name, plan: planned(config).plan }));
}

function boxFiles({ name, size, config }: FleetBox, cloud: Cloud): OutputFile[] {
  return kitFiles({ ...planned(config), name, size }, cloud).map((file) => ({
    ...file,
    path: `${name}/${file.path}`,
  }));
}

function ofItsType({ placeOf, keyOf }: FleetBox, { name, title }: Cloud): Problem {
  return {
    place: placeOf(['size']),
    key: keyOf(['size']),
    rule: `says processors or memory, and a machine at ${title} has those of its type`,
    remedy: `leave them out, and write the type into the box's clouds.${name}`,
  };
}
