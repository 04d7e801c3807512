/** The box's own pages in German. */
import type { Words } from './words.ts';

export const german: Words = {
  language: 'Deutsch',
  languages: 'Sprachen',
  plain: [
    'Das ist ein Mailserver. Wer hier eine Adresse hat, liest und schreibt hier Mail.',
    'Hinein geht es bei {box}.',
  ],
  front: {
    lead: 'Der Mailserver für alle, die hier eine Adresse haben.',
    mail: { title: 'Mail', text: 'Mail im Browser lesen und schreiben.' },
    calendar: { title: 'Kalender', text: 'Ihre Termine im Browser.' },
    contacts: { title: 'Kontakte', text: 'Ihr Adressbuch im Browser.' },
    setUp: {
      title: 'Programm oder Telefon einrichten',
      text: 'Was Thunderbird, Outlook, iPhone und Android wissen wollen.',
    },
    panel: { title: 'Verwaltung', text: 'Ihr Konto, und für alle, die sich um diesen Server kümmern.' },
  },
  setUp: {
    title: 'Programm oder Telefon einrichten',
    lead: 'Die meisten Programme fragen nach Adresse und Passwort und finden den Rest selbst.',
    server: 'Server, für alles',
    userName: 'Benutzername',
    wholeAddress: 'Ihre ganze Mailadresse',
    password: 'Passwort',
    accountsOwn: 'das Ihres Kontos; „Passwort, normal“, wo nach der Art gefragt wird',
    byHand: 'Wenn ein Programm mehr wissen will',
    columns: ['Was', 'Port', 'Sicherheit'],
    imap: 'Posteingang (IMAP)',
    pop3: 'Posteingang (POP3), der die Mail vom Server holt',
    smtp: 'Postausgang (SMTP)',
    sieve: 'Filter (ManageSieve)',
    neverPlain: 'Wählen Sie bei der Sicherheit nie „keine“: So nimmt der Server kein Passwort an.',
    bySelf: 'Schritt für Schritt',
    computers: 'Thunderbird und Outlook: ein Konto hinzufügen, mit Adresse und Passwort.',
    apple:
      'iPhone, iPad und Mac: {profile}, dann die Einstellungen des Systems öffnen und es installieren. Es ist von diesem Server signiert, enthält kein Passwort und fragt nach Ihrem.',
    profile: 'das Profil laden',
    android: 'Android: ein Konto der Art „Privat (IMAP)“ hinzufügen, mit Adresse und Passwort.',
    personal: 'Kalender und Kontakte',
    exchange:
      'Telefone: Ein Konto der Art „Exchange“ oder „ActiveSync“ hat Mail, Kalender und Kontakte in einem. Server: {server}.',
    davx5:
      'Android mit DAVx⁵: „Mit URL und Benutzername anmelden“, mit {dav} als URL. iPhone und Mac haben es durch das Profil.',
    otherPrograms: 'Andere Programme mit CalDAV und CardDAV (auch Thunderbird): dieselbe URL, {dav}.',
    back: 'Zurück zur ersten Seite',
  },
};
