/** The box's own pages in French. */
import type { Words } from './words.ts';

export const french: Words = {
  language: 'Français',
  languages: 'Langues',
  plain: [
    'Ceci est un serveur de courrier. Les personnes qui ont une adresse ici y lisent et y écrivent leur courrier.',
    'L’entrée se trouve sur {box}.',
  ],
  front: {
    lead: 'Le serveur de courrier de toutes les personnes qui ont une adresse ici.',
    mail: { title: 'Courrier', text: 'Lire et écrire son courrier dans le navigateur.' },
    calendar: { title: 'Agenda', text: 'Vos rendez-vous, dans le navigateur.' },
    contacts: { title: 'Contacts', text: 'Votre carnet d’adresses, dans le navigateur.' },
    setUp: {
      title: 'Configurer un logiciel ou un téléphone',
      text: 'Ce que demandent Thunderbird, Outlook, iPhone et Android.',
    },
    panel: {
      title: 'Administration',
      text: 'Votre compte, et pour les personnes qui s’occupent de ce serveur.',
    },
  },
  setUp: {
    title: 'Configurer un logiciel ou un téléphone',
    lead: 'La plupart des logiciels demandent l’adresse et le mot de passe, et trouvent le reste eux-mêmes.',
    server: 'Serveur, pour tout',
    userName: 'Nom d’utilisateur',
    wholeAddress: 'votre adresse de courrier complète',
    password: 'Mot de passe',
    accountsOwn: 'celui de votre compte ; « mot de passe normal » si un type est demandé',
    byHand: 'Si un logiciel veut en savoir plus',
    columns: ['Quoi', 'Port', 'Sécurité'],
    imap: 'Courrier entrant (IMAP)',
    pop3: 'Courrier entrant (POP3), qui le retire du serveur',
    smtp: 'Courrier sortant (SMTP)',
    sieve: 'Filtres (ManageSieve)',
    neverPlain: 'Ne choisissez jamais « aucune » sécurité : le serveur n’accepte alors aucun mot de passe.',
    bySelf: 'Pas à pas',
    computers: 'Thunderbird et Outlook : ajoutez un compte, avec l’adresse et le mot de passe.',
    apple:
      'iPhone, iPad et Mac : {profile}, puis ouvrez les réglages du système et installez-le. Il est signé par ce serveur, ne contient aucun mot de passe et demande le vôtre.',
    profile: 'chargez le profil',
    android: 'Android : ajoutez un compte de type « Personnel (IMAP) », avec l’adresse et le mot de passe.',
    personal: 'Agenda et contacts',
    exchange:
      'Téléphones : un compte de type « Exchange » ou « ActiveSync » réunit courrier, agenda et contacts. Serveur : {server}.',
    davx5:
      'Android avec DAVx⁵ : « Connexion avec une URL et un nom d’utilisateur », avec l’URL {dav}. Sur iPhone et Mac, le profil s’en charge.',
    otherPrograms: 'Autres logiciels avec CalDAV et CardDAV (dont Thunderbird) : la même URL, {dav}.',
    back: 'Retour à la première page',
  },
};
