/** The page Certificate in French. */
import type { Words } from '../english/index.ts';

export const certificate: Words['certificate'] = {
  lead: 'Programmes de messagerie, navigateurs et autres serveurs y reconnaissent le serveur.',
  names: 'Noms',
  get: 'Obtenir un certificat maintenant',
  getText:
    'Par ACME, de Let’s Encrypt si rien d’autre n’est réglé : cela ne coûte rien et prend une minute ou deux.',
  noneNeeded: 'Aucun nom n’en a besoin.',
  wantedFor: 'Il en faut un pour {names}.',
  action: 'Obtenir un certificat',
  agreed: 'J’accepte les conditions de l’autorité, et qu’elle publie les noms',
  inService: 'En service',
  state: 'État',
  fingerprint: 'Empreinte (SHA-256)',
  fingerprintName: 'empreinte',
  selfSigned:
    'Navigateurs et programmes de messagerie mettent une fois en garde contre un certificat autosigné. Avant de leur dire de s’y fier, comparez l’empreinte qu’ils montrent avec celle-ci.',
  notDue: 'Rien n’était dû : le certificat en service convient.',
  leftOut: 'Laissés de côté :',
  skipped: 'Rien n’a été demandé :',
  isNew: 'Un nouveau certificat est en service, pour {names}.',
  elsewhere: 'Un certificat venu d’ailleurs',
  request: '1. Faire une demande',
  requestText:
    'Elle est pour la clé du serveur et tous ses noms. Envoyez-la à une autorité ; elle ne contient aucun secret.',
  makeRequest: 'Faire une demande',
  nameInIt: 'Nom qui doit y figurer',
  requestMade: 'La demande est faite. Copiez-la pour l’autorité.',
  requestName: 'demande',
  install: '2. Installer ce que l’autorité a envoyé',
  installAction: 'Installer le certificat',
  cert: 'Certificat',
  certHint: 'En PEM : il commence par -----BEGIN CERTIFICATE-----.',
  chain: 'Certificats entre lui et l’autorité',
  chainHint: 'L’un après l’autre, chacun suivi de son émetteur.',
  installed: 'Le certificat est en service.',
};
