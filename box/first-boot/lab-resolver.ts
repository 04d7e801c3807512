/** FOR TESTS ONLY: points the box's resolver at another DNS root, where the settings name one. */
import type { Step } from '../init/step.ts';
import { paths } from '../paths.ts';
import type { Settings } from '../settings.ts';

/** A stub zone for the root goes before any root hints that the image has. */
export function labText({ rootHints, trustAnchor }: NonNullable<Settings['lab']>): string {
  return [
    '# FOR TESTS ONLY: another DNS root, from the settings (box init wrote this).',
    ...(trustAnchor === undefined
      ? ['server:', '  module-config: "iterator"']
      : [`# ${paths.rootAnchor} held at first: ${trustAnchor}`]),
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
  async run({ machine, settings: { lab } }) {
    if (lab === undefined) return machine.remove(paths.labResolver);
    // unbound wants one anchor for the root, and keeps that file up to date by itself from here on (RFC 5011).
    if (lab.trustAnchor !== undefined) {
      const owner = { owner: 'unbound', group: 'unbound' };
      await machine.put({ path: paths.rootAnchor, mode: 0o644, ...owner, text: `${lab.trustAnchor}\n` });
    }
    await machine.put({ path: paths.labResolver, mode: 0o644, text: labText(lab) });
  },
};
