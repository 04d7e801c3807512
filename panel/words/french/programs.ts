/** The pages Mail set-up and Tokens in French. */
import type { Words } from '../english/index.ts';

export const guide: Words['guide'] = {
  byBrowser: 'Sans aucun programme : {link}, avec la même adresse et le même mot de passe.',
  byBrowserLink: 'lire et écrire le courrier dans le navigateur',
  lead: 'La plupart des programmes ne demandent que l’adresse et le mot de passe. Celui qui veut en savoir plus reçoit ceci :',
  server: 'Serveur, pour tout',
  serverName: 'nom du serveur',
  user: 'Nom d’utilisateur',
  userName: 'nom d’utilisateur',
  userText: '(l’adresse entière, chacun la sienne)',
  password: 'Mot de passe',
  passwordText: 'celui du compte, ou un {link} ; « mot de passe normal » là où une sorte est demandée',
  appPassword: 'mot de passe d’application',
  rows: {
    imap: 'Courrier entrant (IMAP)',
    smtp: 'Courrier sortant (SMTP)',
    submission: 'Courrier sortant, là où 465 n’est pas proposé',
    pop3: 'Courrier entrant (POP3), qui le retire du serveur',
    sieve: 'Filtres (ManageSieve)',
  },
  port: 'Port {port}, {security}',
  byThemselves: 'Programmes qui se configurent eux-mêmes',
  thunderbird:
    'Thunderbird : « Configurer un compte existant », avec nom, adresse et mot de passe. Il trouve le reste lui-même.',
  outlook: 'Outlook : « Ajouter un compte », avec l’adresse. Il trouve le reste lui-même.',
  apple:
    'iPhone, iPad et Mac : {link}, puis ouvrez les réglages du système et installez-le. Il est signé par ce serveur, ne contient aucun mot de passe, et demande l’adresse et le mot de passe.',
  appleLink: 'charger le profil',
  goodToKnow: 'Bon à savoir',
  encrypted:
    'On ne se connecte que par des liaisons chiffrées. Un programme qui propose « aucune » comme sécurité est inutilisable.',
  sender: 'Le courrier part sous votre propre adresse, ou sous un alias sous lequel vous pouvez envoyer.',
  spam: 'Ce que le filtre prend pour indésirable est dans le dossier Spam. Déplacez-y du courrier, ou retirez-en : le serveur en apprend.',
};

export const tokens: Words['tokens'] = {
  lead: 'Un programme reçoit un jeton à la place de votre mot de passe. Il peut ce que le jeton nomme, et rien d’autre.',
  inForce: 'En vigueur',
  none: 'Aucun.',
  made: '{id}, fait par {owner} le {day} ;',
  hasNoEnd: 'sans fin',
  ends: 'prend fin le {day}',
  revoke: 'Révoquer',
  makeOne: 'Faire un jeton',
  make: 'Faire le jeton',
  madeNotice: 'Le jeton « {label} » est fait. Copiez-le maintenant : il n’est montré que cette fois.',
  label: 'À quoi il sert',
  labelHint: 'Par exemple le nom du routeur ou du programme.',
  scopes: 'Ce qu’il peut',
  scopesHint:
    'Un par ligne. acme:example.com prouve ce domaine à une autorité de certification ; address:home.example.com règle les adresses de ce nom ; status lit l’état.',
  days: 'Jours de validité',
  daysHint: 'Vide : jusqu’à ce qu’il soit révoqué.',
  revokeOne: 'Révoquer « {label} » ?',
  revokeText: 'Le programme qui l’a ne peut plus rien faire ici. Un jeton qui a pris fin ne revient pas.',
  revokeToken: 'Révoquer le jeton',
  revoked: 'Le jeton « {label} » est révoqué.',
  fresh: 'Le nouveau jeton « {label} »',
  freshText: 'Le serveur ne garde rien qu’il pourrait montrer encore.',
  copyName: 'jeton',
  haveIt: 'Je l’ai',
};
