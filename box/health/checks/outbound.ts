/** Mail can leave: a server elsewhere, or the relay host, takes connections. Clouds like to shut port 25. */
import { ask } from '../../dns/ask.ts';
import { cloudOf } from '../../machine/cloud.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Check, type CheckResult, error, ofStep, ok, type Subject, warning } from './check.ts';

/** Servers that are always there. */
const elsewhere = 'gmail.com';

export const mailCanLeave: Check = async (subject) => ofStep('mail-out', await tryTo(subject));

async function tryTo({ machine, settings: { relay } }: Subject): Promise<CheckResult> {
  const title = 'mail out';
  if (relay !== undefined) {
    const where = `${relay.host}, port ${relay.port}`;
    return (await machine.answers(relay.port, relay.host))
      ? ok(title, `the relay host answers: ${where}`)
      : error(title, `the relay host does not answer (${where}): mail waits`, 'is outbound.relay right?');
  }
  const servers = (await ask(machine, [elsewhere, 'MX']))
    .map((line) => line.split(' '))
    .sort(([a], [b]) => Number(a) - Number(b));
  const host = servers[0]?.[1]?.replace(/\.$/, '');
  if (host === undefined)
    return warning(title, `can’t be tried: no mail server of ${elsewhere} is found`, 'does DNS work?');
  if (await machine.answers(25, host)) return ok(title, `${host} answers on port 25`);
  return error(
    title,
    `${host} can’t be reached on port 25: mail to other servers waits`,
    await opening(machine),
  );
}

/** In the words that the image has of this cloud. */
async function opening(machine: Machine): Promise<string> {
  const cloud = await cloudOf(machine);
  if (cloud === undefined) return 'ask your provider to open port 25 for mail out, or set outbound.relay';
  const { title, port25 } = cloud;
  return `at ${title} port 25 to others is ${port25.out}: ${port25.opening}; or set outbound.relay: mail leaves by a relay host`;
}
