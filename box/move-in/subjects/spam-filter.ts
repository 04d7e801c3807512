/** What the spam filter has learned. */
import { paths } from '../../machine/paths.ts';
import type { Subject } from './subject.ts';

export const spamFilterSubject: Subject = {
  title: 'spam filter',
  // The journal too: it is what was learned last.
  folders: [
    { path: paths.spamFilter, modes: 'D0771,F0660', without: ['*.lock*', '/training', 'pyzor', 'razor*'] },
  ],
  async look({ machine }) {
    const known = await machine.isPlainFile(`${paths.spamFilter}/bayes_toks`);
    return known ? { comes: 'what it has learned' } : {};
  },
};
