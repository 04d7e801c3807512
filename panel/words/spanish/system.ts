/** The page System in Spanish. */
import type { Words } from '../english/index.ts';

export const system: Words['system'] = {
  version: 'Versión',
  updates: 'Actualizaciones',
  updatesText: 'El servidor instala por sí mismo las actualizaciones de seguridad, cada día.',
  none: 'No espera ninguna.',
  waiting: { one: 'Espera {n}:', other: 'Esperan {n}:' },
  reboot: 'Reiniciar',
  due: 'Una actualización cuenta solo después de un reinicio.',
  notDue: 'No hace falta reiniciar, así que no se ofrece.',
  ask: 'Reiniciar…',
  title: '¿Reiniciar el servidor?',
  text: 'Durante un minuto aproximadamente no recibe correo; los otros servidores lo intentan de nuevo por sí solos.',
};
