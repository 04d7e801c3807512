/** The page First steps in French. */
import type { Words } from '../english/index.ts';

export const firstSteps: Words['firstSteps'] = {
  open: { one: '{n} étape sur {all} est à faire', other: '{n} étapes sur {all} sont à faire' },
  openAgain: {
    one: '{n} étape sur {all} est de nouveau à faire',
    other: '{n} étapes sur {all} sont de nouveau à faire',
  },
  allDone: 'Toutes les étapes sont faites',
  states: { open: 'À faire', done: 'Fait' },
  checked: 'Vérifié.',
  lead: 'Ce que vous seul pouvez faire pour ce serveur. Il voit de lui-même ce qui est fait ; quand tout l’est, cette page quitte le menu.',
  waitsFor: 'En attente de :',
  more: { one: 'Et {n} autre, à la page État.', other: 'Et {n} autres, à la page État.' },
  steps: {
    'name-servers': {
      title: 'Serveurs de noms',
      why: 'Les serveurs de noms et leurs adresses (glue) doivent mener à ce serveur, pour que le monde apprenne où va le courrier de vos domaines.',
      whatToDo:
        'Chez le bureau d’enregistrement de chaque domaine, indiquez les serveurs de noms et la glue que montre la page DNS.',
      waitsFor:
        'Le bureau d’enregistrement, de quelques minutes à quelques heures, et ce que les autres ont en mémoire, jusqu’à deux jours.',
    },
    dnssec: {
      title: 'Enregistrement DS',
      why: 'Ainsi personne ne peut falsifier les enregistrements de vos domaines, et les expéditeurs peuvent exiger le chiffrement.',
      whatToDo:
        'Chez le bureau d’enregistrement de chaque domaine, saisissez l’enregistrement DS que montre la page DNS.',
      waitsFor:
        'D’abord les serveurs de noms ; puis le bureau d’enregistrement et ce que les autres ont en mémoire, jusqu’à un jour.',
    },
    'reverse-name': {
      title: 'Nom inverse',
      why: 'Beaucoup de serveurs refusent le courrier d’une adresse sans nom propre.',
      whatToDo:
        'Là où vous louez la machine, donnez le nom du serveur comme nom inverse (PTR) de ses adresses.',
      waitsFor: 'Ce que les autres ont en mémoire, jusqu’à un jour.',
    },
    certificate: {
      title: 'Certificat',
      why: 'Navigateurs et programmes de messagerie y reconnaissent le serveur ; ils mettent en garde contre celui qu’il a fait lui-même.',
      whatToDo: 'À la page Certificat, obtenez-en un, ou installez-en un venu d’ailleurs.',
      waitsFor: 'Les serveurs de noms, par lesquels l’autorité trouve le serveur ; puis une minute.',
    },
    'mail-out': {
      title: 'Courrier vers les autres (port 25)',
      why: 'Beaucoup d’hébergeurs ferment le port 25 tant qu’on ne le leur demande pas ; jusque-là le courrier vers les autres serveurs attend.',
      whatToDo: 'Demandez à votre hébergeur d’ouvrir le port 25 en sortie, ou réglez outbound.relay.',
      waitsFor:
        'La réponse de votre hébergeur, jusqu’à quelques jours. Ce qui attend est ensuite livré de soi-même.',
    },
    backup: {
      title: 'Sauvegardes ailleurs',
      why: 'Ce qui n’est que sur ce serveur se perd avec lui.',
      whatToDo:
        'À la page Sauvegardes, indiquez une cible hors de ce serveur : un autre hôte, un bucket ou un dossier WebDAV.',
      waitsFor: 'La première sauvegarde : la nuit prochaine, ou tout de suite par le bouton de cette page.',
    },
    'backup-key': {
      title: 'Clé des sauvegardes',
      why: 'Sans elle personne ne lit une sauvegarde, et aucune sauvegarde ne la contient.',
      whatToDo:
        'À la page Sauvegardes, affichez la feuille avec la clé, imprimez-la et rangez-la en lieu sûr.',
      waitsFor: 'Rien : la feuille compte dès qu’elle a été affichée.',
    },
    'second-factor': {
      title: 'Second facteur',
      why: 'Le mot de passe d’un administrateur ouvrirait à lui seul tout le serveur à qui s’en empare.',
      whatToDo:
        'Chaque administrateur, à la page Second facteur : ajoutez une clé d’accès ou activez les codes à usage unique.',
      waitsFor: 'Rien : cela compte tout de suite.',
    },
    'first-user': {
      title: 'Premier compte',
      why: 'Le courrier de tous les jours n’a pas besoin des droits d’administrateur : donnez-lui son propre compte.',
      whatToDo: 'À la page Comptes, ajoutez un compte. Qui est seul ici peut s’en passer.',
      waitsFor: 'Rien : cela compte tout de suite.',
    },
  },
};
