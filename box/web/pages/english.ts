/** The box's own pages in English. */
import type { Words } from './words.ts';

export const english: Words = {
  language: 'English',
  languages: 'Languages',
  plain: ['This is a mail box. Its people read and send their mail here.', 'The way in is at {box}.'],
  front: {
    lead: 'The mail server of everyone who has an address here.',
    mail: { title: 'Mail', text: 'Read and write mail in the browser.' },
    calendar: { title: 'Calendar', text: 'Your appointments, in the browser.' },
    contacts: { title: 'Contacts', text: 'Your address book, in the browser.' },
    setUp: {
      title: 'Set up a program or telephone',
      text: 'What Thunderbird, Outlook, iPhone and Android want to know.',
    },
    panel: { title: 'Control panel', text: 'Your account, and for those who look after this box.' },
  },
  setUp: {
    title: 'Set up a program or telephone',
    lead: 'Most programs ask for your address and password, and find the rest by themselves.',
    server: 'Server, for everything',
    userName: 'User name',
    wholeAddress: 'your whole mail address',
    password: 'Password',
    accountsOwn: 'that of your account; “normal password” where a kind is asked for',
    byHand: 'Where a program wants to know more',
    columns: ['What', 'Port', 'Security'],
    imap: 'Incoming mail (IMAP)',
    pop3: 'Incoming mail (POP3), which takes it off the server',
    smtp: 'Outgoing mail (SMTP)',
    sieve: 'Filters (ManageSieve)',
    neverPlain: 'Never choose “none” for security: the server takes no password that way.',
    bySelf: 'Step by step',
    computers: 'Thunderbird and Outlook: add an account, with your address and password.',
    apple:
      'iPhone, iPad and Mac: {profile}, then open the system’s settings and install it. It is signed by this box, holds no password, and asks for yours.',
    profile: 'load the profile',
    android: 'Android: add an account of the kind “Personal (IMAP)”, with your address and password.',
    personal: 'Calendar and contacts',
    exchange:
      'Telephones: an account of the kind “Exchange” or “ActiveSync” has mail, calendar and contacts in one. Server: {server}.',
    davx5:
      'Android with DAVx⁵: “Login with URL and user name”, with {dav} as the URL. iPhone and Mac have it by the profile.',
    otherPrograms: 'Other programs with CalDAV and CardDAV (Thunderbird too): the same URL, {dav}.',
    back: 'Back to the first page',
  },
};
