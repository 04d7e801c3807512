/** Whether the box does what it is for: mail, the zones of its domains, and its web pages. More than that its services run. */
import { dig } from '../../dns/ask.ts';
import { listenAddresses } from '../../dns/name-server.ts';
import { wantedZones } from '../../dns/publish.ts';
import { Failure } from '../../machine/failure.ts';
import { lookAtLogs } from '../../machine/services.ts';
import type { Subject } from '../checks/check.ts';
import { mailGoesThrough } from './mail.ts';

/** Seconds that zones and pages may take: services that run may still read what they serve. */
const patience = 300;

/** @throws Failure at the first that it does not */
export async function works(subject: Subject): Promise<void> {
  await inTime(() => zonesAnswerSigned(subject));
  await inTime(() => settingsAreServed(subject));
  await mailGoesThrough(subject);
}

async function inTime(look: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

async function zonesAnswerSigned(subject: Subject): Promise<void> {
  const { machine } = subject;
  const [address = ''] = listenAddresses(machine.addresses());
  for (const { name, served } of (await wantedZones(subject)).zones) {
    if (!served) continue;
    const { status, records } = await dig(machine, [`@${address}`, '+norecurse', name, 'SOA']);
    const types = records.map(({ type }) => type);
    if (status === 'NOERROR' && types.includes('SOA') && types.includes('RRSIG')) continue;
    const how = status === undefined ? 'no answer' : types.includes('SOA') ? 'not signed' : status;
    throw new Failure(`the name server does not serve ${name} as it should: ${how}`, lookAtLogs);
  }
}

/** Not the first page, which is the owner's and may lead elsewhere. */
async function settingsAreServed({ machine, image, settings: { hostname } }: Subject): Promise<void> {
  if (!image.ports.some(({ port }) => port === 443)) return;
  const [page] = await machine.pages([hostname], '/mail/config-v1.1.xml');
  if (page === undefined)
    throw new Failure(`https://${hostname}/mail/config-v1.1.xml shows nothing`, lookAtLogs);
}
