/** The page System in German. */
import type { Words } from '../english/index.ts';

export const system: Words['system'] = {
  version: 'Version',
  updates: 'Updates',
  updatesText: 'Sicherheitsupdates installiert der Server von selbst, täglich.',
  none: 'Keines wartet.',
  waiting: { one: '{n} wartet:', other: '{n} warten:' },
  reboot: 'Neu starten',
  due: 'Ein Update wirkt erst nach einem Neustart.',
  notDue: 'Ein Neustart ist nicht nötig und wird daher nicht angeboten.',
  ask: 'Neu starten…',
  title: 'Den Server neu starten?',
  text: 'Etwa eine Minute lang nimmt er keine Mail an; andere Server versuchen es von selbst wieder.',
};
