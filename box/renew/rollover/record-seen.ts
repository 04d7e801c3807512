/** Whether the DKIM record of a new selector is really there to be seen, for every domain that is signed for. */
import { dig } from '../../dns/ask.ts';
import { listenAddresses } from '../../dns/name-server.ts';
import type { Wanted } from '../../dns/publish.ts';
import { readRecordFile, recordText } from '../../keys/dkim/selectors.ts';
import type { Machine } from '../../machine/machine.ts';

/**
 * Asks the box's name server for the zones that it serves, and the world for the others. A domain whose owner has put
 * something else at the name is not waited for.
 * @param which `elsewhere`: only the zones that somebody else serves
 */
export async function recordSeen(
  machine: Machine,
  wanted: Wanted,
  selector: string,
  which: 'all' | 'elsewhere',
): Promise<boolean> {
  const text = recordText((await readRecordFile(machine, selector)) ?? '');
  const [own = ''] = listenAddresses(machine.addresses());
  for (const zone of wanted.zones) {
    const served = wanted.served.some(({ name }) => name === zone.name);
    if (served && which === 'elsewhere') continue;
    for (const { name, type, value } of zone.records) {
      if (type !== 'TXT' || value !== text || !name.startsWith(`${selector}._domainkey.`)) continue;
      const question = served ? [`@${own}`, '+norecurse', name, 'TXT'] : [name, 'TXT'];
      const { records } = await dig(machine, question);
      if (!records.some((record) => record.type === 'TXT' && recordText(record.data) === text)) return false;
    }
  }
  return true;
}
