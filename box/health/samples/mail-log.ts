/** Counts what Postfix did with mail, line by line of its log. Pure. */
import type { Sample } from '../../../contract/api.ts';
import { partsOf } from '../../machine/follow.ts';

export type MailCounts = Pick<
  Sample,
  'accepted' | 'refused' | 'postponed' | 'delivered' | 'deferred' | 'bounced'
>;
export type MailCount = keyof MailCounts;

const kinds: readonly (readonly [kind: MailCount, line: RegExp])[] = [
  ['accepted', /^postfix\/(?:\w+\/)?smtpd\[\d+\]: \w+: client=/],
  ['refused', /^postfix\/(?:\w+\/)?smtpd\[\d+\]: (?:NOQUEUE|\w+): (?:milter-)?reject: [^;]*?: 5\d\d /],
  ['refused', /^postfix\/cleanup\[\d+\]: \w+: (?:milter-)?reject: [^;]*?: 5[.\d]+ /],
  ['postponed', /^postfix\/(?:\w+\/)?smtpd\[\d+\]: (?:NOQUEUE|\w+): (?:milter-)?reject: [^;]*?: 4\d\d /],
  ['delivered', /^postfix\/\w+\[\d+\]: \w+: to=.*, status=sent /],
  ['deferred', /^postfix\/\w+\[\d+\]: \w+: to=.*, status=deferred /],
  ['bounced', /^postfix\/\w+\[\d+\]: \w+: to=.*, status=bounced /],
];

export const noMail: MailCounts = {
  accepted: 0,
  refused: 0,
  postponed: 0,
  delivered: 0,
  deferred: 0,
  bounced: 0,
};
export const mailCounts = Object.keys(noMail) as readonly MailCount[];

/** What a line counts as. Only the program that wrote it is believed: what a stranger says comes behind. */
export function countOf(line: string): MailCount | undefined {
  const parts = partsOf(line);
  return parts && kinds.find(([, pattern]) => pattern.test(parts.said))?.[0];
}
