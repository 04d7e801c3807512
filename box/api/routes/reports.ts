/** `/system/reports`: what other mail servers report of this box's mail. Mail-in-a-Box has no such route. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { mostDays, readReports } from '../../reports/read.ts';
import { field } from '../params.ts';
import { json, type Route, route } from '../route.ts';

export const reportsRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/system/reports',
    may: 'admin',
    summary:
      'what other mail servers report: mail in the name of the box’s domains (DMARC), and encryption (TLSRPT)',
    params: z.object({ days: field(`how many days back, 1 to ${mostDays}; none: 30`, 3) }),
    answers:
      'JSON: `{address, since, reports, unproven, days: [{day, proven, unproven, encrypted, failed}], ' +
      'mails: [{day, address, own, domain, mails, fate: passed|taken|quarantined|refused, told_by, text}], ' +
      'connections: [{day, domain, encrypted, failed, reasons, told_by, text}], sending: {on, day, reports, text}}`; ' +
      '`text` says the row in plain words, and `sending` what the box itself reports to others',
    async run({ machine, door }, { days }) {
      const wanted = Number(days || 30);
      if (!(Number.isInteger(wanted) && wanted >= 1 && wanted <= mostDays))
        throw new Failure(`days: ${days} is not from 1 to ${mostDays}`, 'leave it out for 30');
      const now = () => new Date(door.now());
      return json(await readReports({ machine, settings: await readSettings(machine), now }, wanted));
    },
  }),
];
