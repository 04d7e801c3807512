/** The page Reports in German. */
import type { Words } from '../english/index.ts';

export const reports: Words['reports'] = {
  month: 'Ein Monat',
  threeMonths: 'Drei Monate',
  year: 'Ein Jahr',
  none: 'In dieser Zeit hat kein anderer Mailserver etwas berichtet. Berichte kommen per Mail an {address}, einmal am Tag von denen, die Mail in Ihrem Namen bekamen oder Ihnen welche schickten.',
  mails: 'Mail in Ihrem Namen',
  proven: 'Nachweislich von Ihnen',
  unproven: 'Ohne Nachweis',
  connections: 'Verbindungen mit Mail für Sie',
  encrypted: 'Wie verlangt verschlüsselt',
  failed: 'Nicht',
  byDay: 'Nach Tag und Absender',
  noMails: 'Kein Bericht sagt etwas über Mail in Ihrem Namen.',
  day: 'Tag',
  fate: 'Was daraus wurde',
  domain: 'Domain',
  toldBy: 'Berichtet von',
  encryption: 'Verschlüsselung nach Tag',
  noEncryption: 'Kein Bericht sagt etwas über Verschlüsselung.',
  how: 'Wie es war',
  connectionsOfDay: 'Verbindungen',
  good: 'Gut',
  look: 'Ansehen',
  from: {
    one: 'Aus einem Bericht, den andere Mailserver an {address} schickten.',
    other: 'Aus {n} Berichten, die andere Mailserver an {address} schickten.',
  },
  madeUp: {
    one: '{n} davon kam mit einer Mail, die ihre Herkunft nicht nachweist; ihn kann also jeder erfunden haben.',
    other:
      '{n} davon kamen mit Mails, die ihre Herkunft nicht nachweisen; sie kann also jeder erfunden haben.',
  },
  utc: 'Tage nach UTC.',
  states: {
    taken: 'Angenommen',
    unproven: 'Ohne Nachweis',
    refused: 'Abgelehnt',
    putAside: 'Aussortiert',
  },
};
