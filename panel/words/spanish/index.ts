/** Every text of the panel in Spanish. */
import type { Words } from '../english/index.ts';
import { backups, sheet } from './backups.ts';
import { certificate } from './certificate.ts';
import { charts, log } from './charts.ts';
import { dns, sites } from './domains.ts';
import { firstSteps } from './first-steps.ts';
import { restore } from './mail-restore.ts';
import { own } from './own.ts';
import { aliases, users } from './people.ts';
import { guide, tokens } from './programs.ts';
import { reports } from './reports.ts';
import { status } from './status.ts';
import { system } from './system.ts';

export const spanish: Words = {
  ...own,
  ...{ aliases, backups, certificate, charts, dns, firstSteps, guide, log },
  ...{ reports, restore, sheet, sites, status, system, tokens, users },
};
