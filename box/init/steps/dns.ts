/** The keys that sign the zones, and the zones: valid before the fence opens, however long the box was off. */
import { isPublished, publishZones } from '../../dns/publish.ts';
import { readKeySets } from '../../keys/dnssec/key-sets.ts';
import { makeKeySet } from '../../keys/dnssec/make.ts';
import type { Step } from './step.ts';

export const dnssecKeysStep: Step = {
  title: 'DNSSEC keys',
  done: async ({ machine }) => (await readKeySets(machine)).length > 0,
  run: ({ machine, settings }) => makeKeySet(machine, settings.dns?.algorithm),
};

/** After the certificate, the DKIM key and the accounts, which the records follow from. */
export const dnsZonesStep: Step = {
  title: 'DNS zones',
  refresh: [{ service: 'nsd', by: 'restart' }],
  done: isPublished,
  /** A zone that can't be built stays as it was and is reported by `box status`: mail must not wait for it. */
  async run(box) {
    await publishZones(box);
  },
};
