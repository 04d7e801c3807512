/** What other mail servers look at before they take the box's mail: its name by address, and the block lists. */
import { isIPv4 } from 'node:net';
import { published, whyNotPublic } from '../../dns/addresses.ts';
import { ask } from '../../dns/ask.ts';
import { toldAddresses } from '../../dns/told-addresses.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { expandIpv6 } from '../../machine/network.ts';
import { mailDomains } from '../../mail/required-aliases.ts';
import { readMailData } from '../../mail/users.ts';
import { type Check, type CheckResult, error, ofStep, ok, type Subject, warning } from './check.ts';

/** Those that the box is known by: what is published, private or not. */
async function knownAddresses(subject: Subject): Promise<string[]> {
  const own = subject.machine.addresses();
  const told = await toldAddresses(subject);
  return [published(4, told.ipv4, own), published(6, told.ipv6, own)].flatMap((one) => one ?? []);
}

export const addressesHaveItsName: Check = async (subject) => {
  const { machine, settings } = subject;
  const results: CheckResult[] = [];
  for (const address of await knownAddresses(subject)) {
    const title = `name of ${address}`;
    const why = whyNotPublic(address);
    if (why !== undefined) {
      // Nor would anybody's answer be about this box. That the world can't reach it, the DNS check says.
      results.push(ok(title, `${why}: no other server sees it, so that it needs none`));
      continue;
    }
    const names = (await ask(machine, ['-x', address])).map((name) => name.replace(/\.$/, '').toLowerCase());
    if (names.length === 1 && names[0] === settings.hostname) {
      results.push(ok(title, settings.hostname));
      continue;
    }
    const what = names.length === 0 ? 'it has none (PTR)' : `it is ${names.join(', ')} (PTR)`;
    const remedy = `set the reverse name to ${settings.hostname} where you rent the machine`;
    results.push(error(title, `${what}: many servers refuse mail from there`, remedy));
  }
  return ofStep('reverse-name', ...results);
};

export const nobodyBlocksIt: Check = async (subject) => {
  const { machine, settings } = subject;
  const results: CheckResult[] = [];
  for (const address of await knownAddresses(subject)) {
    const why = whyNotPublic(address);
    results.push(
      why === undefined
        ? await isListed(machine, address, `${reversed(address)}.zen.spamhaus.org`)
        : ok(`block lists for ${address}`, `${why}: no list has it`),
    );
  }
  for (const domain of mailDomains(settings.hostname, await readMailData(machine)))
    results.push(await isListed(machine, domain, `${domain}.dbl.spamhaus.org`));
  return results;
};

/** As block lists are asked: `4.3.2.1`, or an IPv6 address digit by digit. */
export function reversed(address: string): string {
  if (isIPv4(address)) return address.split('.').reverse().join('.');
  const digits = expandIpv6(address).map((group) => group.padStart(4, '0'));
  return [...digits.join('')].reverse().join('.');
}

async function isListed(machine: Machine, who: string, question: string): Promise<CheckResult> {
  const title = `block lists for ${who}`;
  const remedy = `see why and ask to be taken off: https://check.spamhaus.org/results/?query=${who}`;
  const outcome = await machine.run(['dig', '+tries=2', '+time=5', question, 'A']).catch((cause) => {
    if (cause instanceof Failure) return '';
    throw cause;
  });
  const status = /status: ([A-Z]+)/.exec(outcome)?.[1];
  const codes = [...outcome.matchAll(/\sIN\s+A\s+(127\.[\d.]+)/g)].map(([, code = '']) => code);
  if (codes.some((code) => code.startsWith('127.255.255.')))
    return warning(
      title,
      'the list answers this box’s resolver nothing of use',
      'see https://www.spamhaus.org/',
    );
  if (codes.length > 0)
    return error(title, `listed by Spamhaus (${codes.join(', ')}): many servers refuse its mail`, remedy);
  if (status === 'NXDOMAIN' || status === 'NOERROR') return ok(title, 'not listed');
  return warning(title, 'Spamhaus can’t be asked', 'does DNS work? Try: dig spamhaus.org');
}
