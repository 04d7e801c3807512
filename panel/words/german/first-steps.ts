/** The page First steps in German. */
import type { Words } from '../english/index.ts';

export const firstSteps: Words['firstSteps'] = {
  open: { one: '{n} von {all} Schritten ist offen', other: '{n} von {all} Schritten sind offen' },
  openAgain: {
    one: '{n} von {all} Schritten ist wieder offen',
    other: '{n} von {all} Schritten sind wieder offen',
  },
  allDone: 'Alle Schritte sind erledigt',
  states: { open: 'Zu tun', done: 'Erledigt' },
  checked: 'Geprüft.',
  lead: 'Was nur Sie für diesen Server tun können. Er sieht selbst, was erledigt ist; sind es alle, verlässt diese Seite das Menü.',
  waitsFor: 'Wartet auf:',
  more: { one: 'Und {n} weiteres, unter Zustand.', other: 'Und {n} weitere, unter Zustand.' },
  steps: {
    'name-servers': {
      title: 'Nameserver',
      why: 'Nameserver und ihre Adressen (Glue) müssen auf diesen Server verweisen, damit die Welt erfährt, wohin Mail für Ihre Domains geht.',
      whatToDo:
        'Tragen Sie beim Registrar jeder Domain die Nameserver und den Glue ein, die die Seite DNS zeigt.',
      waitsFor: 'Den Registrar, Minuten bis Stunden, und was andere von früher wissen, bis zu zwei Tage.',
    },
    dnssec: {
      title: 'DS-Eintrag',
      why: 'Damit kann niemand die Einträge Ihrer Domains fälschen, und Absender können auf Verschlüsselung bestehen.',
      whatToDo: 'Tragen Sie beim Registrar jeder Domain den DS-Eintrag ein, den die Seite DNS zeigt.',
      waitsFor: 'Zuerst die Nameserver; dann den Registrar und was andere wissen, bis zu einem Tag.',
    },
    'reverse-name': {
      title: 'Reverse-DNS-Name',
      why: 'Viele Server nehmen keine Mail von einer Adresse ohne eigenen Namen an.',
      whatToDo:
        'Setzen Sie dort, wo Sie die Maschine mieten, den Reverse-DNS-Namen (PTR) ihrer Adressen auf den Namen des Servers.',
      waitsFor: 'Was andere von früher wissen, bis zu einem Tag.',
    },
    certificate: {
      title: 'Zertifikat',
      why: 'Daran erkennen Browser und Mailprogramme den Server; vor dem selbst ausgestellten warnen sie.',
      whatToDo: 'Holen Sie auf der Seite Zertifikat eines, oder installieren Sie eines von anderswo.',
      waitsFor: 'Die Nameserver, über die die Zertifizierungsstelle den Server findet; dann eine Minute.',
    },
    'mail-out': {
      title: 'Mail an andere (Port 25)',
      why: 'Viele Anbieter sperren Port 25, bis man sie bittet; bis dahin wartet Mail an andere Server.',
      whatToDo:
        'Bitten Sie Ihren Anbieter, Port 25 für ausgehende Mail zu öffnen, oder setzen Sie outbound.relay.',
      waitsFor:
        'Die Antwort Ihres Anbieters, bis zu ein paar Tage. Was wartet, wird dann von selbst zugestellt.',
    },
    backup: {
      title: 'Sicherungen anderswo',
      why: 'Was nur auf diesem Server liegt, geht mit ihm verloren.',
      whatToDo:
        'Nennen Sie auf der Seite Sicherungen ein Ziel außerhalb dieses Servers: einen anderen Host, einen Bucket oder einen WebDAV-Ordner.',
      waitsFor: 'Die erste Sicherung: in der nächsten Nacht, oder sofort mit der Schaltfläche dort.',
    },
    'backup-key': {
      title: 'Schlüssel der Sicherungen',
      why: 'Ohne ihn liest niemand eine Sicherung, und keine Sicherung enthält ihn.',
      whatToDo:
        'Zeigen Sie auf der Seite Sicherungen das Blatt mit dem Schlüssel an, drucken Sie es und heben Sie es gut auf.',
      waitsFor: 'Nichts: Das Blatt zählt, sobald es gezeigt wurde.',
    },
    'second-factor': {
      title: 'Zweiter Faktor',
      why: 'Das Passwort eines Administrators allein würde jedem, der es bekommt, den ganzen Server öffnen.',
      whatToDo:
        'Jeder Administrator fügt auf der Seite Zweiter Faktor einen Passkey hinzu oder schaltet Einmalcodes ein.',
      waitsFor: 'Nichts: Es zählt sofort.',
    },
    'first-user': {
      title: 'Erstes Konto',
      why: 'Alltägliche Mail braucht keine Administratorrechte: Geben Sie ihr ein eigenes Konto.',
      whatToDo: 'Legen Sie auf der Seite Konten ein Konto an. Wer hier allein ist, kann es lassen.',
      waitsFor: 'Nichts: Es zählt sofort.',
    },
  },
};
