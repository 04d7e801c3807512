/** What the panel and `box reports` show: the reports of the last days, held against what the box knows of itself. */
import type { MailReports } from '../../contract/api.ts';
import { toldAddresses } from '../dns/told-addresses.ts';
import type { Box } from '../machine/box.ts';
import { reportAddress } from '../mail/report-address.ts';
import { mailDomains } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';
import { limits } from './limits.ts';
import { dayOf } from './report.ts';
import { sendingOf } from './sending/told.ts';
import { kept } from './store.ts';
import { summaryOf } from './summary.ts';

export const mostDays: number = limits.days;

export async function readReports(box: Box, days: number): Promise<MailReports> {
  const { machine, settings, now } = box;
  const { hostname } = settings;
  const told = await toldAddresses(box);
  const since = dayOf(now().getTime() / 1000 - days * 86_400);
  return {
    address: reportAddress(hostname),
    since,
    sending: await sendingOf(box),
    ...summaryOf(await kept(machine, since), {
      domains: mailDomains(hostname, await readMailData(machine)),
      addresses: [...machine.addresses().map(({ address }) => address), told.ipv4, told.ipv6].flatMap(
        (address) => address ?? [],
      ),
    }),
  };
}
