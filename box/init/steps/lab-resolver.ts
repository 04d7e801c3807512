/** FOR TESTS ONLY: points the box's resolver at another DNS root, where the settings name one. */
import type { Settings } from '../../../contract/settings.ts';
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

/** A stub zone for the root goes before the image's root hints; a trust anchor stands next to the real root's. */
export function labText({ rootHints, trustAnchor }: NonNullable<Settings['lab']>): string {
  return [
    '# FOR TESTS ONLY: another DNS root, from the settings (box init wrote this).',
    'server:',
    trustAnchor === undefined ? '  module-config: "iterator"' : `  trust-anchor: "${trustAnchor}"`,
    // Unbound answers for documentation addresses itself (RFC 6303); the lab's own are among them.
    '  local-zone: "100.51.198.in-addr.arpa." nodefault',
    '  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault',
    // One server is the whole internet there: that it was slow for a moment is not to be remembered for a quarter of an hour.
    '  infra-host-ttl: 2',
    'stub-zone:',
    '  name: "."',
    ...rootHints.map((address) => `  stub-addr: ${address}`),
    '',
  ].join('\n');
}

export const labResolverStep: Step = {
  title: 'lab resolver',
  refresh: [{ service: 'unbound', by: 'restart' }],
  async done({ machine, settings: { lab } }) {
    const before = await machine.read(paths.labResolver);
    return before === (lab === undefined ? undefined : labText(lab));
  },
  run: ({ machine, settings: { lab } }) =>
    lab === undefined
      ? machine.remove(paths.labResolver)
      : machine.put({ path: paths.labResolver, mode: 0o644, text: labText(lab) }),
};
