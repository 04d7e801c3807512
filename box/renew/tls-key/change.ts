/** Takes the change to another TLS key as far as it may go. It may be cut off at any point and run again. */
import { X509Certificate } from 'node:crypto';
import { dig } from '../../dns/ask.ts';
import { listenAddresses } from '../../dns/name-server.ts';
import { updateZones, wantedZones, whyDue } from '../../dns/publish.ts';
import { isSelfSigned, readCertificate } from '../../keys/tls/certificate.ts';
import { putKeyChange, readKeyChange, waitsUntil } from '../../keys/tls/change.ts';
import { keepOrMakeKey, keyHash, readKey } from '../../keys/tls/private-key.ts';
import { issueSelfSigned } from '../../keys/tls/self-signed.ts';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { bootId } from '../../machine/report.ts';
import { readAcmeState } from '../acme/state.ts';
import { certificateFile } from '../install.ts';
import { finishSwitch, mayTakeOver, retire, switchKeys } from './switch.ts';

const look = 'box tls new-key --show says how far it is';

/** Makes the next key, and publishes its TLSA records beside the present ones. */
export async function startKeyChange(box: Box): Promise<void> {
  const { machine, now } = box;
  if ((await readKeyChange(machine)) !== undefined)
    throw new Failure('the TLS key is being changed already', look);
  const present = await readKey(machine, paths.tlsKey);
  if (present === undefined)
    throw new Failure(`${paths.tlsKey} is missing`, 'reboot: the box makes a new one');
  // A key that a power cut left without its state is as new as any.
  await keepOrMakeKey(machine, { path: paths.nextTlsKey, mode: 0o600 });
  const next = await readKey(machine, paths.nextTlsKey);
  if (next === undefined) throw new Failure(`${paths.nextTlsKey} can’t be read`, 'remove it, and try again');
  await putKeyChange(machine, {
    phase: 'introducing',
    old: keyHash(present),
    new: keyHash(next),
    started: now().toISOString(),
  });
  await updateZones(box);
  await noteWhatIsPublished(box);
}

/** Gives it up, as long as nobody was served the new key. */
export async function cancelKeyChange(box: Box): Promise<void> {
  const { machine } = box;
  const change = await readKeyChange(machine);
  if (change === undefined) throw new Failure('the TLS key is not being changed', look);
  if (change.phase !== 'introducing') throw new Failure('the new key serves already', look);
  await machine.remove(paths.keyChange);
  await machine.remove(paths.nextTlsKey);
  await updateZones(box);
}

/** Who brings the certificate for the next key. */
export type Bringer = 'box' | 'authority' | 'owner';

export async function whoBrings(machine: Machine): Promise<Bringer> {
  const certificate = await readCertificate(machine);
  if (certificate === undefined || isSelfSigned(certificate)) return 'box';
  return (await readAcmeState(machine)).issued === certificate.fingerprint256 ? 'authority' : 'owner';
}

/** Goes on with a change: what an hour, a boot or a certificate of the authority made possible. */
export async function advanceKeyChange(box: Box): Promise<void> {
  const { machine } = box;
  await settleKeyChange(box);
  const change = await readKeyChange(machine);
  if (change === undefined) return;
  const at = box.now();
  const until = waitsUntil(change, at, await bootId(machine));
  if (until === undefined) {
    await updateZones(box);
    await noteWhatIsPublished(box);
  } else if (until > at) return;
  else if (change.phase === 'introducing') {
    if ((await whoBrings(machine)) === 'box') await switchToSelfSigned(box);
  } else await forgetOldKey(box);
}

/** What a power cut left half done; nobody is asked, and no wait ends. */
export async function settleKeyChange({ machine, now }: Pick<Box, 'machine' | 'now'>): Promise<void> {
  await finishSwitch(machine);
  await retire(machine, now());
  if ((await readKeyChange(machine))?.phase === 'retiring') await machine.remove(paths.nextTlsKey);
}

export async function isKeyChangeSettled(machine: Machine): Promise<boolean> {
  const phase = (await readKeyChange(machine))?.phase;
  if (phase === 'switching') return false;
  return phase !== 'retiring' || !(await machine.exists(paths.nextTlsKey));
}

async function switchToSelfSigned(box: Box): Promise<void> {
  const { machine, settings, now } = box;
  await mayTakeOver(box);
  const next = await readKey(machine, paths.nextTlsKey);
  if (next === undefined) throw new Failure(`${paths.nextTlsKey} is missing`, 'box tls new-key --cancel');
  const text = await issueSelfSigned(settings.hostname, next, now());
  const own = new X509Certificate(text);
  const name = certificateFile(own, `${settings.hostname}-selfsigned`);
  await machine.put({ path: `${paths.tls}/${name}`, mode: 0o644, text });
  await switchKeys(box, own, name);
}

/** Its records first; the file last, since it is of no use to anybody then. */
async function forgetOldKey(box: Box): Promise<void> {
  const { machine } = box;
  await machine.remove(paths.keyChange);
  await updateZones(box);
  await machine.remove(paths.previousTlsKey);
}

/** The wait counts from when the world can see the next key's records. */
async function noteWhatIsPublished(box: Box): Promise<void> {
  const { machine } = box;
  const change = await readKeyChange(machine);
  if (change === undefined || change.phase === 'switching') return;
  // While retiring it counts from the switch, and anew only where that was noted by a clock that was ahead.
  if (change.phase === 'introducing' && !(await isSeen(box, change.new))) return;
  await putKeyChange(machine, { ...change, since: box.now().toISOString(), boot: await bootId(machine) });
}

/** The box's name server is asked where it serves the zone, the world where somebody else does. */
async function isSeen(box: Box, hash: string): Promise<boolean> {
  const { zones, served } = await wantedZones(box);
  for (const zone of zones) {
    const own = served.includes(zone);
    if (own && (await whyDue(box, zone)) !== undefined) return false;
    const [server = ''] = listenAddresses(box.machine.addresses());
    for (const { name, type, value } of zone.records) {
      if (type !== 'TLSA' || !value.endsWith(hash)) continue;
      const answer = await dig(box.machine, [...(own ? [`@${server}`, '+norecurse'] : []), name, 'TLSA']);
      const found = answer.records.filter((record) => record.type === 'TLSA');
      // Where nobody publishes any, nobody relies on them.
      if (!own && found.length === 0 && answer.status !== undefined && answer.status !== 'SERVFAIL') continue;
      if (!found.some(({ data }) => data.replace(/ /g, '').toLowerCase() === value.replace(/ /g, '')))
        return false;
    }
  }
  return true;
}
