/** The page Reports in French. */
import type { Words } from '../english/index.ts';

export const reports: Words['reports'] = {
  month: 'Un mois',
  threeMonths: 'Trois mois',
  year: 'Un an',
  none: 'Aucun autre serveur de messagerie n’a rien rapporté pendant ce temps. Les rapports arrivent par courrier à {address}, une fois par jour, de ceux qui ont reçu du courrier en votre nom ou vous en ont envoyé.',
  mails: 'Courrier en votre nom',
  proven: 'Prouvé de vous',
  unproven: 'Sans preuve',
  connections: 'Connexions avec du courrier pour vous',
  encrypted: 'Chiffrées comme demandé',
  failed: 'Non chiffrées',
  byDay: 'Par jour et expéditeur',
  noMails: 'Aucun rapport ne dit rien du courrier en votre nom.',
  day: 'Jour',
  fate: 'Ce qu’il en advint',
  domain: 'Domaine',
  toldBy: 'Rapporté par',
  encryption: 'Chiffrement par jour',
  noEncryption: 'Aucun rapport ne dit rien du chiffrement.',
  how: 'Comment c’était',
  connectionsOfDay: 'Connexions',
  good: 'Bien',
  look: 'À voir',
  from: {
    one: 'D’après {n} rapport que d’autres serveurs de messagerie ont envoyé à {address}.',
    other: 'D’après {n} rapports que d’autres serveurs de messagerie ont envoyés à {address}.',
  },
  madeUp: {
    one: '{n} est venu par un courrier qui ne prouve pas son origine : n’importe qui a pu l’inventer.',
    other:
      '{n} sont venus par des courriers qui ne prouvent pas leur origine : n’importe qui a pu les inventer.',
  },
  utc: 'Les jours sont ceux d’UTC.',
  states: { taken: 'Accepté', unproven: 'Sans preuve', refused: 'Refusé', putAside: 'Mis de côté' },
};
