/** The user-data that makes one box of an image: a cloud-config document (cloud-init, "Cloud config data"). */
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { dump } from 'js-yaml';
import { parse } from 'yaml';
import { userDataLimit } from '../../clouds/cloud.ts';
import { type CloudName, cloudOf } from '../../clouds/index.ts';
import { storageRoot } from '../../contract/settings.ts';
import { projectRoot } from '../paths.ts';
import type { Plan } from '../plan/plan.ts';
import { settingsJson } from './settings.ts';

/** The user-data would not fit. */
export class UserDataTooLarge extends Error {
  override readonly name = 'UserDataTooLarge';
  constructor(
    readonly size: number,
    readonly limit: number,
    readonly cloud: CloudName,
  ) {
    super(
      `the user-data is ${size} bytes and ${cloud} takes at most ${limit}: list fewer box.sshKeys or add them over ssh later`,
    );
  }
}

/**
 * The user-data document. It holds hashes of people's passwords only (a relay's has to be itself), and reads the same in YAML 1.1 (cloud-init) and 1.2.
 * @throws UserDataTooLarge
 */
export function userData(plan: Pick<Plan, 'settings' | 'sshKeys'>, cloud: CloudName): string {
  const document = {
    ...fragment('base'),
    ssh_authorized_keys: [...plan.sshKeys],
    ...(plan.settings.storage.device === undefined ? {} : storage(plan.settings.storage.device)),
    write_files: [
      {
        path: '/etc/box/settings.json',
        owner: 'root:root',
        permissions: '0600',
        content: settingsJson(plan.settings),
      },
    ],
  };
  const text = `#cloud-config\n${dump(document, { lineWidth: -1, noRefs: true, forceQuotes: true, quotingType: '"' })}`;
  for (const version of ['1.1', '1.2'] as const) {
    if (!isDeepStrictEqual(parse(text, { version }), document))
      throw new Error(`user-data reads differently in YAML ${version}`);
  }
  const size = Buffer.byteLength(text);
  const limit = userDataLimit(cloudOf(cloud));
  if (size > limit) throw new UserDataTooLarge(size, limit, cloud);
  return text;
}

function storage(device: string): object {
  const filled: Readonly<Record<string, string>> = { DEVICE: device, MOUNTPOINT: storageRoot };
  const fill = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(fill) : (filled[String(value)] ?? value);
  return Object.fromEntries(Object.entries(fragment('storage')).map(([key, value]) => [key, fill(value)]));
}

function fragment(name: string): Record<string, unknown> {
  return parse(readFileSync(`${projectRoot}cloud-init/${name}.yaml`, 'utf8')) as Record<string, unknown>;
}
