/** Shows the authority that the names are the box's: a file for the web server, or a record in the box's zones. */
import { ask } from '../../dns/ask.ts';
import { putRecords, readRecords } from '../../dns/challenges.ts';
import { listenAddresses } from '../../dns/name-server.ts';
import { updateZones, wantedZones } from '../../dns/publish.ts';
import { zoneOf } from '../../dns/record.ts';
import type { Box } from '../../machine/box.ts';
import { exclusively } from '../../machine/exclusively.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import type { ChallengeType, Proof } from './authority.ts';

/** What the authority may ask for: nothing of it is a path. */
const token = /^[A-Za-z0-9_-]{1,256}$/;
/** Seconds that the box's secondaries have to fetch a zone. */
const patience = 60;

export async function showProofs(box: Box, type: ChallengeType, proofs: readonly Proof[]): Promise<void> {
  if (type === 'dns-01') return showRecords(box, proofs);
  const { machine } = box;
  let folder: string = paths.tls;
  for (const part of paths.acmeTokens.slice(paths.tls.length + 1).split('/')) {
    folder = `${folder}/${part}`;
    await machine.putDirectory({ path: folder, mode: 0o755 });
  }
  for (const proof of proofs) {
    if (!token.test(proof.token))
      throw new Failure('the authority gave a token that is none', 'ask another authority');
    await machine.put({ path: `${paths.acmeTokens}/${proof.token}`, mode: 0o644, text: proof.answer });
  }
}

/** Also what an earlier try left behind when its power was cut. */
export async function hideProofs(box: Box): Promise<void> {
  const { machine } = box;
  for (const name of await machine.list(paths.acmeTokens)) {
    if (token.test(name)) await machine.remove(`${paths.acmeTokens}/${name}`);
  }
  if ((await readRecords(machine)).length === 0) return;
  await exclusively(machine, async () => {
    await putRecords(machine, []);
    await updateZones(box);
  });
}

async function showRecords(box: Box, proofs: readonly Proof[]): Promise<void> {
  const { machine } = box;
  const records = proofs.map(({ name, answer }) => ({
    name: `_acme-challenge.${name}`,
    value: answer,
  }));
  await exclusively(machine, async () => {
    await putRecords(machine, records);
    await updateZones(box);
  });
  const { zones } = await wantedZones(box);
  const names = new Map(zones.map((zone) => [zone.name, zone]));
  for (const { name, value } of records) {
    const zone = names.get(zoneOf(name, names) ?? '');
    const hosts = (zone?.records ?? []).filter(({ type, name: at }) => type === 'NS' && at === zone?.name);
    // The box's own by its address: its names may lead to what is in front of it.
    const [own = ''] = listenAddresses(machine.addresses());
    const others = hosts
      .map((host) => host.value.replace(/\.$/, ''))
      .filter((host) => !host.endsWith(`.${box.settings.hostname}`));
    for (const server of [own, ...others]) await mustSay(box, server, name, value);
  }
}

async function mustSay({ machine }: Box, server: string, name: string, value: string): Promise<void> {
  const deadline = Date.now() + patience * 1000;
  while (!(await ask(machine, [`@${server}`, '+norecurse', name, 'TXT'])).includes(`"${value}"`)) {
    if (Date.now() > deadline)
      throw new Failure(
        `the name server ${server} does not have ${name} after ${patience} s`,
        'see: box dns check; box dns secondary',
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
