/** The pages Mail set-up and Tokens in Spanish. */
import type { Words } from '../english/index.ts';

export const guide: Words['guide'] = {
  byBrowser: 'Sin ningún programa: {link}, con la misma dirección y contraseña.',
  byBrowserLink: 'leer y escribir correo en el navegador',
  lead: 'La mayoría de los programas piden solo la dirección y la contraseña. El que quiere saber más recibe esto:',
  server: 'Servidor, para todo',
  serverName: 'nombre del servidor',
  user: 'Nombre de usuario',
  userName: 'nombre de usuario',
  userText: '(la dirección entera, cada uno la suya)',
  password: 'Contraseña',
  passwordText: 'la de la cuenta, o una {link}; «contraseña normal» donde se pide una clase',
  appPassword: 'contraseña de aplicación',
  rows: {
    imap: 'Correo entrante (IMAP)',
    smtp: 'Correo saliente (SMTP)',
    submission: 'Correo saliente, donde no se ofrece 465',
    pop3: 'Correo entrante (POP3), que lo saca del servidor',
    sieve: 'Filtros (ManageSieve)',
  },
  port: 'Puerto {port}, {security}',
  byThemselves: 'Programas que se configuran solos',
  thunderbird:
    'Thunderbird: «Configurar una cuenta de correo existente», con nombre, dirección y contraseña. Lo demás lo encuentra él.',
  outlook: 'Outlook: «Agregar cuenta», con la dirección. Lo demás lo encuentra él.',
  apple:
    'iPhone, iPad y Mac: {link}, luego abra los ajustes del sistema e instálelo. Está firmado por este servidor, no contiene ninguna contraseña y pide la dirección y la contraseña.',
  appleLink: 'cargar el perfil',
  goodToKnow: 'Conviene saber',
  encrypted:
    'Solo se inicia sesión por conexiones cifradas. Un programa que ofrece «ninguna» como seguridad no se puede usar.',
  sender: 'El correo se envía con la propia dirección, o con un alias con el que se puede enviar.',
  spam: 'Lo que el filtro toma por no deseado está en la carpeta Spam. Mueva correo dentro o fuera de ella: el servidor aprende de ello.',
};

export const tokens: Words['tokens'] = {
  lead: 'Un programa recibe un token en lugar de su contraseña. Puede lo que el token nombra, y nada más.',
  inForce: 'En vigor',
  none: 'Ninguno.',
  made: '{id}, creado por {owner} el {day};',
  hasNoEnd: 'no caduca',
  ends: 'caduca el {day}',
  revoke: 'Revocar',
  makeOne: 'Crear un token',
  make: 'Crear token',
  madeNotice: 'El token «{label}» está creado. Cópielo ahora: solo se muestra esta vez.',
  label: 'Para qué es',
  labelHint: 'Por ejemplo el nombre del router o del programa.',
  scopes: 'Qué puede',
  scopesHint:
    'Uno por línea. acme:example.com prueba ese dominio a una autoridad de certificación; address:home.example.com fija las direcciones de ese nombre; status lee el estado.',
  days: 'Días de validez',
  daysHint: 'Vacío: hasta que se revoque.',
  revokeOne: '¿Revocar «{label}»?',
  revokeText:
    'El programa que lo tiene ya no puede hacer nada aquí. Un token terminado no se puede recuperar.',
  revokeToken: 'Revocar el token',
  revoked: 'El token «{label}» está revocado.',
  fresh: 'El nuevo token «{label}»',
  freshText: 'El servidor no guarda nada que pueda mostrar otra vez.',
  copyName: 'token',
  haveIt: 'Ya lo tengo',
};
