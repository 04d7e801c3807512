/** The pages Mail set-up and Tokens in German. */
import type { Words } from '../english/index.ts';

export const guide: Words['guide'] = {
  byBrowser: 'Ganz ohne Programm: {link}, mit derselben Adresse und demselben Passwort.',
  byBrowserLink: 'Mail im Browser lesen und schreiben',
  lead: 'Die meisten Programme fragen nur nach Adresse und Passwort. Eines, das mehr wissen will, bekommt dies:',
  server: 'Server, für alles',
  serverName: 'Servername',
  user: 'Benutzername',
  userName: 'Benutzername',
  userText: '(die ganze Adresse, jeder seine eigene)',
  password: 'Passwort',
  passwordText: 'das des Kontos oder ein {link}; „normales Passwort“, wo nach einer Art gefragt wird',
  appPassword: 'App-Passwort',
  rows: {
    imap: 'Posteingang (IMAP)',
    smtp: 'Postausgang (SMTP)',
    submission: 'Postausgang, wo 465 nicht angeboten wird',
    pop3: 'Posteingang (POP3), der die Mail vom Server nimmt',
    sieve: 'Filter (ManageSieve)',
  },
  port: 'Port {port}, {security}',
  byThemselves: 'Programme, die sich selbst einrichten',
  thunderbird:
    'Thunderbird: „Vorhandenes E-Mail-Konto einrichten“, mit Name, Adresse und Passwort. Den Rest findet es selbst.',
  outlook: 'Outlook: „Konto hinzufügen“, mit der Adresse. Den Rest findet es selbst.',
  apple:
    'iPhone, iPad und Mac: {link}, dann in den Einstellungen des Systems installieren. Es ist von diesem Server signiert, enthält kein Passwort und fragt nach Adresse und Passwort.',
  appleLink: 'das Profil laden',
  goodToKnow: 'Gut zu wissen',
  encrypted:
    'Anmelden geht nur über verschlüsselte Verbindungen. Ein Programm, das als Sicherheit „keine“ anbietet, ist nicht zu gebrauchen.',
  sender: 'Mail wird unter der eigenen Adresse verschickt oder unter einem Alias, unter dem man senden darf.',
  spam: 'Was der Filter für Spam hält, liegt im Ordner Spam. Verschieben Sie Mail hinein oder hinaus: Der Server lernt daraus.',
};

export const tokens: Words['tokens'] = {
  lead: 'Ein Programm bekommt ein Token anstelle Ihres Passworts. Es darf, was das Token nennt, und sonst nichts.',
  inForce: 'Gültig',
  none: 'Keine.',
  made: '{id}, angelegt von {owner} am {day};',
  hasNoEnd: 'läuft nicht ab',
  ends: 'läuft ab am {day}',
  revoke: 'Widerrufen',
  makeOne: 'Token anlegen',
  make: 'Token anlegen',
  madeNotice: 'Das Token „{label}“ ist angelegt. Kopieren Sie es jetzt: Es wird nur dieses Mal gezeigt.',
  label: 'Wofür es ist',
  labelHint: 'Etwa der Name des Routers oder des Programms.',
  scopes: 'Was es darf',
  scopesHint:
    'Eines pro Zeile. acme:example.com weist diese Domain einer Zertifizierungsstelle nach; address:home.example.com setzt die Adressen dieses Namens; status liest den Zustand.',
  days: 'Gültigkeit in Tagen',
  daysHint: 'Leer: bis es widerrufen wird.',
  revokeOne: '„{label}“ widerrufen?',
  revokeText:
    'Das Programm, das es hat, kann hier nichts mehr tun. Ein beendetes Token lässt sich nicht zurückholen.',
  revokeToken: 'Token widerrufen',
  revoked: 'Das Token „{label}“ ist widerrufen.',
  fresh: 'Das neue Token „{label}“',
  freshText: 'Der Server behält nichts, was er noch einmal zeigen könnte.',
  copyName: 'Token',
  haveIt: 'Ich habe es',
};
