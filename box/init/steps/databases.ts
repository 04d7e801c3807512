/** Accounts that are damaged, or gone, are the last good copy's again; and they have such a copy. */
import { paths } from '../../machine/paths.ts';
import { conditions, hasCopy, healDatabases, keepGoodCopies } from '../../storage/databases.ts';
import type { Step } from './step.ts';

/** The webmail's has a step of its own, which mail does without, and is copied at night. */
export const databasesStep: Step = {
  title: 'databases',
  // Each holds the accounts open, as they were.
  refresh: [
    { service: 'dovecot', by: 'restart' },
    { service: 'postfix', by: 'restart' },
  ],
  // Those that have no copy are for the step that makes them.
  done: async ({ machine }) =>
    (await conditions(machine, paths.accounts)).every((it) => it.condition === 'whole' || !it.hasCopy),
  run: async ({ machine }) => void (await healDatabases(machine, paths.accounts)),
};

export const copyStep: Step = {
  title: 'copy of the accounts',
  optional: true,
  done: ({ machine }) => hasCopy(machine, paths.accounts),
  run: ({ machine }) => keepGoodCopies(machine, paths.accounts),
};
