/** The page System in French. */
import type { Words } from '../english/index.ts';

export const system: Words['system'] = {
  version: 'Version',
  updates: 'Mises à jour',
  updatesText: 'Le serveur installe de lui-même les mises à jour de sécurité, chaque jour.',
  none: 'Aucune n’attend.',
  waiting: { one: '{n} attend :', other: '{n} attendent :' },
  reboot: 'Redémarrer',
  due: 'Une mise à jour ne compte qu’après un redémarrage.',
  notDue: 'Aucun redémarrage n’est nécessaire, donc aucun n’est proposé.',
  ask: 'Redémarrer…',
  title: 'Redémarrer le serveur ?',
  text: 'Il ne reçoit pas de courrier pendant une minute environ ; les autres serveurs réessaient d’eux-mêmes.',
};
