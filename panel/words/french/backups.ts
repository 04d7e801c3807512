/** The page Backups in French, and the sheet with their key. */
import type { Words } from '../english/index.ts';

export const backups: Words['backups'] = {
  lead: 'Chaque nuit le serveur copie ce qu’il a reçu et fait : courrier, comptes, clés, pages. Chaque copie est chiffrée.',
  title: 'Sauvegardes',
  areOff: 'Les sauvegardes sont désactivées.',
  goTo: 'Les sauvegardes vont vers {target} dès la nuit prochaine.',
  off: 'Les sauvegardes sont désactivées : ce qui se perd sur ce serveur est perdu.',
  local:
    'Elles ne sont que sur ce serveur. Si son disque est perdu, elles aussi : envoyez-les vers un autre hôte, ou copiez-les là-bas.',
  toTarget: 'Elles vont vers {target}.',
  toHost: 'Elles vont vers {host}, chiffrées.',
  makeOne: 'En faire une maintenant',
  begun: 'Elle a commencé. Une première peut prendre des heures ; elle figure ici dès qu’elle est entière.',
  noneYet: 'Il n’y en a pas encore : la première se fait dans la nuit.',
  full: 'complète',
  increment: 'incrémentielle',
  goesNext: 'disparaît à la prochaine sauvegarde',
  goesIn: { one: 'disparaît dans environ {n} jour', other: 'disparaît dans environ {n} jours' },
  together: 'En tout {size}',
  loose: '{size} d’une autre qui est en cours ou a été interrompue',
  key: 'La clé',
  keyText:
    'Sans la clé personne ne lit une sauvegarde, vous non plus. C’est un fichier sur le serveur, et dans aucune sauvegarde. Copiez-la une fois en lieu sûr, depuis votre ordinateur :',
  keyCommand: 'la commande pour la clé',
  print: 'Ou imprimez-la, sur une feuille qui dit que faire quand le serveur est perdu :',
  where: 'Où elles vont',
  save: 'Enregistrer la cible',
  target: 'Cible',
  targetHint:
    'local : un dossier sur ce serveur. rsync://USER@HOST/PATH : un autre hôte, par ssh. s3://REGION@HOST/BUCKET/PATH : un bucket. webdavs://HOST/PATH : un dossier WebDAV, par exemple de Nextcloud. off : il ne s’en fait aucune.',
  user: 'Utilisateur, ou identifiant de la clé',
  userHint: 'Pour s3: et webdavs: seulement. Si la cible reste, ce qui est laissé vide reste aussi.',
  password: 'Mot de passe, ou clé',
  days: 'Jours de conservation d’une sauvegarde',
  daysHint: 'Au moins : une complète reste tant que des incrémentielles en ont besoin.',
  authorized:
    'Un autre hôte laisse entrer le serveur par cette ligne dans authorized_keys de l’utilisateur :',
  authorizedLine: 'la ligne pour authorized_keys',
  lost: 'Courrier perdu',
  lostText:
    'Un courrier ou toute une boîte revient dans un dossier à part, « Restored … », où son propriétaire le trouve. Ce que le compte a reste tel quel.',
  noBackup: 'Il n’y a aucune sauvegarde d’où le prendre.',
  everything: 'Tout restaurer',
  folderText: 'Par ssh, en tant que root. Un dossier à parcourir, avec tout comme c’était :',
  folderCommand: 'la commande pour un dossier',
  stateText:
    'Comme état de ce serveur, ou d’un nouveau sur lequel vous avez copié les sauvegardes ({folder}) et la clé, suivi d’un redémarrage :',
  stateCommand: 'la commande pour tout l’état',
};

export const sheet: Words['sheet'] = {
  show: 'Afficher la feuille',
  password: 'Votre mot de passe',
  passwordHint: 'Qui a la clé et les sauvegardes lit tout le courrier de ce serveur.',
  title: 'Pour retrouver {host}',
  text: 'Voici la clé de ses sauvegardes. Sans elle personne ne les lit. Gardez cette feuille là où ni le feu ni un voleur n’atteindra les deux, elle et les sauvegardes.',
  qr: 'Code QR avec la clé ci-dessous',
  backups: 'Sauvegardes : {target}',
  asOf: 'En date du {day}.',
  print: 'Imprimer',
  otherHostKey: 'de l’autre hôte : /etc/ssh/ssh_host_ed25519_key.pub',
  launch:
    'Écrivez ceci dans l’ancien box.yaml et lancez avec lui un nouveau serveur, sur un disque vide. Il reste fermé jusqu’à ce qu’il ait son état. Sa console montre son adresse, et l’empreinte à laquelle vous le reconnaissez.',
  authorize: 'Sa console montre une ligne pour authorized_keys. Mettez-la sur l’hôte qui a les sauvegardes.',
  login:
    'Apportez les identifiants du stockage, qui ne sont pas sur cette feuille : tapez l’utilisateur ou l’identifiant de la clé, puis le mot de passe ou la clé sur une seconde ligne, puis Ctrl-D.',
  copy: 'Apportez la copie que vous avez faite du dossier des sauvegardes.',
  bringKey: 'Apportez la clé : tapez la ligne ci-dessus, puis Ctrl-D.',
  opens: 'Il reprend tout, dit où il en est, et s’ouvre.',
  registrar:
    'Chez le bureau d’enregistrement, remplacez les adresses de {host} par celles de la nouvelle machine. Courrier, comptes, mots de passe et clés sont les anciens.',
};
