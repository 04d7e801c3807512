/** The DKIM key, the record that publishes it, and OpenDKIM's tables. */
import { isDkimKeyInPlace, makeDkimKey } from '../../keys/dkim/key.ts';
import { readSelectors } from '../../keys/dkim/selectors.ts';
import { currentTables } from '../../mail/opendkim.ts';
import { filesStep } from './files-step.ts';
import type { Step } from './step.ts';

/** Two keys while one is being replaced. */
export const dkimKeyStep: Step = {
  title: 'DKIM key',
  refresh: [{ service: 'opendkim', by: 'reload' }],
  async done({ machine }) {
    for (const selector of (await readSelectors(machine)).published)
      if (!(await isDkimKeyInPlace(machine, selector))) return false;
    return true;
  },
  async run({ machine }) {
    for (const selector of (await readSelectors(machine)).published) await makeDkimKey(machine, selector);
  },
};

/** After the accounts: their domains are what is signed for. */
export const dkimTablesStep = filesStep(
  'DKIM tables',
  ({ machine, settings }) => currentTables(machine, settings.hostname),
  { refresh: [{ service: 'opendkim', by: 'reload' }] },
);
