/** Gets a certificate of the authority and puts it into service, when one is due. Every step may be its last. */
import type { KeyObject } from 'node:crypto';
import { readCertificate } from '../../keys/tls/certificate.ts';
import { readKeyChange, waitsUntil } from '../../keys/tls/change.ts';
import { keyHash, readKey } from '../../keys/tls/private-key.ts';
import { makeRequest } from '../../keys/tls/request.ts';
import type { Box } from '../../machine/box.ts';
import { exclusively } from '../../machine/exclusively.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { bootId } from '../../machine/report.ts';
import { installCertificate } from '../install.ts';
import { whoBrings } from '../tls-key/change.ts';
import { type Authority, type Connect, connectAuthority, defaultDirectory, type Order } from './authority.ts';
import { nextTry, whyDue } from './due.ts';
import { type Names, namesToCertify } from './names.ts';
import { hideProofs, showProofs } from './proofs.ts';
import { type AcmeState, putAcmeState, readAcmeState, type Skipped } from './state.ts';

export interface Outlook extends Names {
  /** Why a certificate is to be asked for; absent: the one in service will do. */
  readonly due?: string;
  /** Not before, since it failed. */
  readonly notBefore?: Date;
}

/** What a run would do. Changes nothing, and asks the DNS alone. */
export async function outlook(box: Box, byHand: boolean): Promise<Outlook> {
  const { machine } = box;
  const [names, state] = [await namesToCertify(box), await readAcmeState(machine)];
  const now = box.now();
  const due =
    (await nextKeyIsDue(box)) ?? whyDue(await readCertificate(machine), { names: names.names, now, state });
  const notBefore = nextTry(state, byHand, now);
  return {
    ...names,
    ...(due === undefined ? {} : { due }),
    ...(notBefore === undefined || notBefore <= now ? {} : { notBefore }),
  };
}

export type Provisioned =
  | { readonly result: 'installed'; readonly names: readonly string[]; readonly skipped: readonly Skipped[] }
  | { readonly result: 'nothing'; readonly why: string; readonly skipped: readonly Skipped[] };

/** @throws Failure when no certificate came of it: the one in service stays, and `box status` says why. */
export async function provision(
  box: Box,
  { byHand, connect = connectAuthority }: { readonly byHand: boolean; readonly connect?: Connect },
): Promise<Provisioned> {
  const { machine, now } = box;
  const unlock = await machine.lock(1, paths.acmeLock);
  try {
    await hideProofs(box);
    const { names, skipped, due, notBefore } = await outlook(box, byHand);
    if (due === undefined) return { result: 'nothing', why: 'the certificate in service will do', skipped };
    if (notBefore !== undefined)
      return {
        result: 'nothing',
        why: `the last try failed, and the next one is not before ${notBefore.toISOString()}`,
        skipped,
      };
    const before = await readAcmeState(machine);
    // A try that a power cut ends is one that failed.
    const { error: _, ...trying }: AcmeState = {
      ...before,
      failures: before.failures + 1,
      tried: now().toISOString(),
      skipped: [...skipped],
    };
    await putAcmeState(machine, trying);
    try {
      return await get(box, names, connect);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const state = await readAcmeState(machine);
      await putAcmeState(machine, { ...state, error: { text: error.message, remedy: error.hint } });
      throw error;
    } finally {
      await hideProofs(box);
    }
  } finally {
    await unlock();
  }
}

async function get(box: Box, all: readonly string[], connect: Connect): Promise<Provisioned> {
  const { machine, settings } = box;
  const { hostname } = settings;
  if (!all.includes(hostname)) {
    const why = (await readAcmeState(machine)).skipped.find(({ name }) => name === hostname)?.why;
    throw new Failure(`${hostname}: ${why}`, 'have its address published; see: box dns check');
  }
  const key = await keyToCertify(box);
  const authority = await connect(box, settings.acme?.challenge ?? 'http-01');
  const { order, names } = await proven(box, authority, all, key);
  const pem = await order.finish(await makeRequest(names, key));
  const certificate = await exclusively(machine, () => installCertificate(box, pem));
  const { order: _, error: __, ...state } = await readAcmeState(machine);
  await putAcmeState(machine, { ...state, failures: 0, issued: certificate.fingerprint256 });
  return { result: 'installed', names, skipped: state.skipped };
}

/** An order of which every name is proven. What the authority can't see is left out of a second one, but for the box's own name. */
async function proven(
  box: Box,
  authority: Authority,
  all: readonly string[],
  key: KeyObject,
): Promise<{ order: Order; names: readonly string[] }> {
  const { machine, settings } = box;
  let names = all;
  for (let round = 0; ; round++) {
    const order = await orderFor(box, authority, names, key);
    const failed = [...order.failed, ...(await prove(box, order))];
    if (failed.length === 0) return { order, names };
    const { order: _, ...state } = await readAcmeState(machine);
    await putAcmeState(machine, { ...state, skipped: [...state.skipped, ...failed] });
    names = names.filter((name) => !failed.some((each) => each.name === name));
    const now = box.now();
    const isDue = (await nextKeyIsDue(box)) ?? whyDue(await readCertificate(machine), { names, now, state });
    // Without the box's own name, or where the certificate in service is for all the others, another is of no use.
    const own =
      failed.find(({ name }) => name === settings.hostname) ??
      (round > 0 || isDue === undefined ? failed[0] : undefined);
    if (own !== undefined)
      throw new Failure(
        `${own.name} could not be proven: ${own.why}`,
        'the authority must reach the box by that name; see: box dns check; then: box tls provision',
      );
  }
}

/** The order that a power cut interrupted, if it is for the same; else a new one. */
async function orderFor(
  { machine, settings }: Box,
  authority: Authority,
  names: readonly string[],
  key: KeyObject,
): Promise<Order> {
  const directory = settings.acme?.directory ?? defaultDirectory;
  const state = await readAcmeState(machine);
  const wanted = { directory, key: keyHash(key), names: [...names] };
  const { url, ...before } = state.order ?? { url: '' };
  if (JSON.stringify(before) === JSON.stringify(wanted)) {
    const found = await authority.resume(url);
    if (found !== undefined) return found;
  }
  const order = await authority.order(names);
  await putAcmeState(machine, { ...state, order: { url: order.url, ...wanted } });
  return order;
}

/** Names that the authority could not be shown, and what it says it saw. */
async function prove(box: Box, { proofs }: Order): Promise<Skipped[]> {
  if (proofs.length === 0) return [];
  const failed: Skipped[] = [];
  await showProofs(box, box.settings.acme?.challenge ?? 'http-01', proofs);
  for (const { name, look } of proofs) {
    try {
      await look();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed.push({ name, why: error.message });
    }
  }
  return failed;
}

/** The next key, once it may take over; else the one in service, so that TLSA records stay true. */
async function keyToCertify(box: Box): Promise<KeyObject> {
  const path = (await nextKeyIsDue(box)) === undefined ? paths.tlsKey : paths.nextTlsKey;
  const key = await readKey(box.machine, path);
  if (key === undefined) throw new Failure(`${path} is missing`, 'reboot: the box makes a new one');
  return key;
}

async function nextKeyIsDue(box: Box): Promise<string | undefined> {
  const { machine } = box;
  const change = await readKeyChange(machine);
  if (change?.phase !== 'introducing' || (await whoBrings(machine)) !== 'authority') return undefined;
  const until = waitsUntil(change, box.now(), await bootId(machine));
  return until !== undefined && until <= box.now() ? 'the next key may take over' : undefined;
}
