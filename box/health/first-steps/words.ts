/** The steps of a new box's administrator, in the order in which they are done: each with its reason, and what to do where no check says it better. Data. */
import type { FirstStepStanding } from '../../../contract/api.ts';

type Words = Omit<FirstStepStanding, 'state' | 'found' | 'what_to_do'> & { readonly whatToDo: string };

export const steps: readonly Words[] = [
  {
    step: 'name-servers',
    title: 'Name servers',
    why: 'The world must be sent to this box, by name servers and their addresses (glue), to learn where mail for your domains goes.',
    whatToDo: 'At the registrar of each domain, set the name servers and the glue that the page DNS shows.',
    waits_for: 'The registrar, minutes to hours, and what others remember of before, up to two days.',
    page: 'dns',
  },
  {
    step: 'dnssec',
    title: 'DS record',
    why: 'With it nobody can forge your domains’ records, and senders can insist on encryption.',
    whatToDo: 'At the registrar of each domain, enter the DS record that the page DNS shows.',
    waits_for: 'The name servers first; then the registrar, and what others remember, up to a day.',
    page: 'dns',
  },
  {
    step: 'reverse-name',
    title: 'Reverse name',
    why: 'Many servers refuse mail from an address without a name of its own.',
    whatToDo: 'Where you rent the machine, set the reverse name (PTR) of its addresses to the box’s name.',
    waits_for: 'What others remember of before, up to a day.',
  },
  {
    step: 'certificate',
    title: 'Certificate',
    why: 'Browsers and mail programs trust the box by it, and warn of the one that the box made itself.',
    whatToDo: 'At the page Certificate, get one, or install one from elsewhere.',
    waits_for: 'The name servers, by which the authority finds the box; then a minute.',
    page: 'certificate',
  },
  {
    step: 'mail-out',
    title: 'Mail to others (port 25)',
    why: 'Many providers shut port 25 until they are asked; until then mail to other servers waits.',
    whatToDo: 'Ask your provider to open port 25 for mail out, or set outbound.relay.',
    waits_for: 'Your provider’s answer, up to a few days. What waits is then delivered by itself.',
  },
  {
    step: 'backup',
    title: 'Backups elsewhere',
    why: 'What lies on this box alone is lost with it.',
    whatToDo:
      'At the page Backups, name a target outside of this box: another host, a bucket or a WebDAV folder.',
    waits_for: 'The first backup: in the next night, or at once by that page’s button.',
    page: 'backups',
  },
  {
    step: 'backup-key',
    title: 'Key of the backups',
    why: 'Without it nobody reads a backup, and no backup holds it.',
    whatToDo: 'At the page Backups, show the sheet with the key, print it, and put it away.',
    waits_for: 'Nothing: the sheet counts as soon as it was shown.',
    page: 'backups',
  },
  {
    step: 'second-factor',
    title: 'Second factor',
    why: 'An administrator’s password alone would open the whole box to whoever gets hold of it.',
    whatToDo: 'Each administrator, at the page Second factor: add a passkey or turn on one-time codes.',
    waits_for: 'Nothing: it counts at once.',
    page: 'second-factor',
  },
  {
    step: 'first-user',
    title: 'First user',
    why: 'Everyday mail needs no administrator’s rights: give it an account of its own.',
    whatToDo: 'At the page Users, add an account. Who is alone here may leave it.',
    optional: true,
    waits_for: 'Nothing: it counts at once.',
    page: 'users',
  },
];
