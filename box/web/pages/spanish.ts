/** The box's own pages in Spanish. */
import type { Words } from './words.ts';

export const spanish: Words = {
  language: 'Español',
  languages: 'Idiomas',
  plain: [
    'Este es un servidor de correo. Quienes tienen una dirección aquí leen y escriben aquí su correo.',
    'Se entra por {box}.',
  ],
  front: {
    lead: 'El servidor de correo de todas las personas que tienen una dirección aquí.',
    mail: { title: 'Correo', text: 'Leer y escribir correo en el navegador.' },
    calendar: { title: 'Calendario', text: 'Sus citas, en el navegador.' },
    contacts: { title: 'Contactos', text: 'Su libreta de direcciones, en el navegador.' },
    setUp: {
      title: 'Configurar un programa o un teléfono',
      text: 'Lo que piden Thunderbird, Outlook, iPhone y Android.',
    },
    panel: { title: 'Administración', text: 'Su cuenta, y para quienes cuidan de este servidor.' },
  },
  setUp: {
    title: 'Configurar un programa o un teléfono',
    lead: 'La mayoría de los programas piden la dirección y la contraseña, y encuentran el resto por sí mismos.',
    server: 'Servidor, para todo',
    userName: 'Nombre de usuario',
    wholeAddress: 'su dirección de correo completa',
    password: 'Contraseña',
    accountsOwn: 'la de su cuenta; «contraseña normal» si se pregunta por el tipo',
    byHand: 'Si un programa quiere saber más',
    columns: ['Qué', 'Puerto', 'Seguridad'],
    imap: 'Correo entrante (IMAP)',
    pop3: 'Correo entrante (POP3), que lo retira del servidor',
    smtp: 'Correo saliente (SMTP)',
    sieve: 'Filtros (ManageSieve)',
    neverPlain: 'No elija nunca «ninguna» seguridad: así el servidor no acepta contraseñas.',
    bySelf: 'Paso a paso',
    computers: 'Thunderbird y Outlook: añada una cuenta, con la dirección y la contraseña.',
    apple:
      'iPhone, iPad y Mac: {profile}; después abra los ajustes del sistema e instálelo. Está firmado por este servidor, no contiene ninguna contraseña y le pide la suya.',
    profile: 'cargue el perfil',
    android: 'Android: añada una cuenta del tipo «Personal (IMAP)», con la dirección y la contraseña.',
    personal: 'Calendario y contactos',
    exchange:
      'Teléfonos: una cuenta del tipo «Exchange» o «ActiveSync» reúne correo, calendario y contactos. Servidor: {server}.',
    davx5:
      'Android con DAVx⁵: «Iniciar sesión con URL y nombre de usuario», con {dav} como URL. En iPhone y Mac lo hace el perfil.',
    otherPrograms: 'Otros programas con CalDAV y CardDAV (también Thunderbird): la misma URL, {dav}.',
    back: 'Volver a la primera página',
  },
};
