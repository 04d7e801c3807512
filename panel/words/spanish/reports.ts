/** The page Reports in Spanish. */
import type { Words } from '../english/index.ts';

export const reports: Words['reports'] = {
  month: 'Un mes',
  threeMonths: 'Tres meses',
  year: 'Un año',
  none: 'Ningún otro servidor de correo ha informado de nada en ese tiempo. Los informes llegan por correo a {address}, una vez al día, de quienes recibieron correo en su nombre o le enviaron alguno.',
  mails: 'Correo en su nombre',
  proven: 'Probado como suyo',
  unproven: 'Sin prueba',
  connections: 'Conexiones con correo para usted',
  encrypted: 'Cifradas como se pidió',
  failed: 'No cifradas',
  byDay: 'Por día y remitente',
  noMails: 'Ningún informe dice nada del correo en su nombre.',
  day: 'Día',
  fate: 'Qué pasó con él',
  domain: 'Dominio',
  toldBy: 'Informado por',
  encryption: 'Cifrado por día',
  noEncryption: 'Ningún informe dice nada del cifrado.',
  how: 'Cómo fue',
  connectionsOfDay: 'Conexiones',
  good: 'Bien',
  look: 'Mirar',
  from: {
    one: 'De un informe que otros servidores de correo enviaron a {address}.',
    other: 'De {n} informes que otros servidores de correo enviaron a {address}.',
  },
  madeUp: {
    one: '{n} llegó en un correo que no prueba de quién es, de modo que cualquiera pudo inventarlo.',
    other: '{n} llegaron en correos que no prueban de quién son, de modo que cualquiera pudo inventarlos.',
  },
  utc: 'Los días son de UTC.',
  states: { taken: 'Aceptado', unproven: 'Sin prueba', refused: 'Rechazado', putAside: 'Apartado' },
};
