/** The page Backups in German, and the sheet with their key. */
import type { Words } from '../english/index.ts';

export const backups: Words['backups'] = {
  lead: 'Jede Nacht kopiert der Server, was er bekommen und angelegt hat: Mail, Konten, Schlüssel, Webseiten. Jede Kopie ist verschlüsselt.',
  title: 'Sicherungen',
  areOff: 'Sicherungen sind ausgeschaltet.',
  goTo: 'Sicherungen gehen ab der nächsten Nacht an {target}.',
  off: 'Sicherungen sind ausgeschaltet: Was auf diesem Server verloren geht, ist verloren.',
  local:
    'Sie liegen nur auf diesem Server. Geht sein Datenträger verloren, dann auch sie: Schicken Sie sie an einen anderen Host oder kopieren Sie sie dorthin.',
  toTarget: 'Sie gehen an {target}.',
  toHost: 'Sie gehen verschlüsselt an {host}.',
  makeOne: 'Jetzt eine machen',
  begun: 'Sie hat begonnen. Eine erste kann Stunden dauern; sie steht hier, sobald sie vollständig ist.',
  noneYet: 'Noch gibt es keine: Die erste wird in der Nacht gemacht.',
  full: 'vollständig',
  increment: 'inkrementell',
  goesNext: 'fällt weg: bei der nächsten täglichen Sicherung',
  goesIn: { one: 'fällt weg: in etwa {n} Tag', other: 'fällt weg: in etwa {n} Tagen' },
  together: 'Zusammen {size}',
  loose: '{size} von einer, die gerade läuft oder abgebrochen wurde',
  key: 'Der Schlüssel',
  keyText:
    'Ohne den Schlüssel liest niemand eine Sicherung, auch Sie nicht. Er ist eine Datei auf dem Server und in keiner Sicherung. Kopieren Sie ihn einmal an einen sicheren Ort, von Ihrem Computer aus:',
  keyCommand: 'der Befehl für den Schlüssel',
  print: 'Oder drucken Sie ihn, auf einem Blatt, das sagt, was zu tun ist, wenn der Server verloren geht:',
  where: 'Wohin sie gehen',
  save: 'Ziel speichern',
  target: 'Ziel',
  targetHint:
    'local: ein Ordner auf diesem Server. rsync://USER@HOST/PATH: ein anderer Host, per ssh. s3://REGION@HOST/BUCKET/PATH: ein Bucket. webdavs://HOST/PATH: ein WebDAV-Ordner, etwa bei Nextcloud. off: keine Sicherungen.',
  user: 'Benutzer oder Kennung des Schlüssels',
  userHint: 'Nur bei s3: und webdavs:. Bleibt das Ziel, so bleibt auch, was leer gelassen wird.',
  password: 'Passwort oder Schlüssel',
  days: 'Tage, die eine Sicherung bleibt',
  daysHint: 'Mindestens: Eine vollständige bleibt, solange inkrementelle sie brauchen.',
  authorized: 'Ein anderer Host lässt den Server mit dieser Zeile in authorized_keys des Benutzers herein:',
  authorizedLine: 'die Zeile für authorized_keys',
  lost: 'Verlorene Mail',
  lostText:
    'Eine Mail oder ein ganzes Postfach kommt in einen eigenen Ordner zurück, „Restored …“, in dem der Besitzer sie findet. Was das Konto hat, bleibt, wie es ist.',
  noBackup: 'Es gibt keine Sicherung, aus der man sie nehmen könnte.',
  everything: 'Alles wiederherstellen',
  folderText: 'Per ssh, als root. Ein Ordner zum Durchsehen, mit allem, wie es war:',
  folderCommand: 'der Befehl für einen Ordner',
  stateText:
    'Als Zustand dieses Servers oder eines neuen, auf den Sie die Sicherungen ({folder}) und den Schlüssel kopiert haben, gefolgt von einem Neustart:',
  stateCommand: 'der Befehl für den ganzen Zustand',
};

export const sheet: Words['sheet'] = {
  show: 'Blatt anzeigen',
  password: 'Ihr Passwort',
  passwordHint: 'Wer den Schlüssel und die Sicherungen hat, liest alle Mail dieses Servers.',
  title: 'So bekommen Sie {host} zurück',
  text: 'Das ist der Schlüssel zu seinen Sicherungen. Ohne ihn liest sie niemand. Bewahren Sie dieses Blatt dort auf, wo weder Feuer noch Dieb beides trifft, das Blatt und die Sicherungen.',
  qr: 'QR-Code mit dem Schlüssel darunter',
  backups: 'Sicherungen: {target}',
  asOf: 'Stand: {day}.',
  print: 'Drucken',
  otherHostKey: 'des anderen Hosts: /etc/ssh/ssh_host_ed25519_key.pub',
  launch:
    'Schreiben Sie dies in die alte box.yaml und starten Sie damit einen neuen Server, auf einem leeren Datenträger. Er bleibt geschlossen, bis er seinen Zustand hat. Seine Konsole zeigt seine Adresse und den Fingerabdruck, an dem Sie ihn erkennen.',
  authorize:
    'Seine Konsole zeigt eine Zeile für authorized_keys. Tragen Sie sie auf dem Host mit den Sicherungen ein.',
  login:
    'Bringen Sie die Zugangsdaten des Speichers, die nicht auf diesem Blatt stehen: Tippen Sie den Benutzer oder die Kennung des Schlüssels, dann in einer zweiten Zeile Passwort oder Schlüssel, dann Strg-D.',
  copy: 'Bringen Sie die Kopie, die Sie vom Ordner mit den Sicherungen gemacht haben.',
  bringKey: 'Bringen Sie den Schlüssel: Tippen Sie die Zeile oben, dann Strg-D.',
  opens: 'Er holt alles, sagt, wie weit er ist, und öffnet sich.',
  registrar:
    'Ändern Sie beim Registrar die Adressen von {host} auf die der neuen Maschine. Mail, Konten, Passwörter und Schlüssel sind die alten.',
};
