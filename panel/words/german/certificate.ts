/** The page Certificate in German. */
import type { Words } from '../english/index.ts';

export const certificate: Words['certificate'] = {
  lead: 'Daran erkennen Mailprogramme, Browser und andere Mailserver den Server.',
  names: 'Namen',
  get: 'Jetzt ein Zertifikat holen',
  getText:
    'Über ACME, von Let’s Encrypt, wo nichts anderes eingestellt ist: Es kostet nichts und dauert ein bis zwei Minuten.',
  noneNeeded: 'Kein Name braucht eines.',
  wantedFor: 'Gebraucht wird es für {names}.',
  action: 'Zertifikat holen',
  agreed:
    'Ich bin mit den Bedingungen der Zertifizierungsstelle einverstanden und damit, dass sie die Namen veröffentlicht',
  inService: 'In Gebrauch',
  state: 'Zustand',
  fingerprint: 'Fingerabdruck (SHA-256)',
  fingerprintName: 'Fingerabdruck',
  selfSigned:
    'Vor einem selbst signierten Zertifikat warnen Browser und Mailprogramme einmal. Bevor Sie eines davon vertrauen lassen, vergleichen Sie den Fingerabdruck, den es zeigt, mit diesem.',
  notDue: 'Nichts war fällig: Das Zertifikat in Gebrauch genügt.',
  leftOut: 'Ausgelassen:',
  skipped: 'Es wurde nichts angefragt:',
  isNew: 'Ein neues Zertifikat ist in Gebrauch, für {names}.',
  elsewhere: 'Ein Zertifikat von anderswo',
  request: '1. Eine Anforderung erstellen',
  requestText:
    'Sie gilt für den Schlüssel des Servers und alle seine Namen. Schicken Sie sie einer Zertifizierungsstelle; sie enthält kein Geheimnis.',
  makeRequest: 'Anforderung erstellen',
  nameInIt: 'Name, der darin stehen muss',
  requestMade: 'Die Anforderung ist erstellt. Kopieren Sie sie zur Zertifizierungsstelle.',
  requestName: 'Anforderung',
  install: '2. Installieren, was die Stelle geschickt hat',
  installAction: 'Zertifikat installieren',
  cert: 'Zertifikat',
  certHint: 'Als PEM: Es beginnt mit -----BEGIN CERTIFICATE-----.',
  chain: 'Zertifikate zwischen ihm und der Stelle',
  chainHint: 'Eines nach dem anderen, jedes gefolgt von seinem Aussteller.',
  installed: 'Das Zertifikat ist in Gebrauch.',
};
