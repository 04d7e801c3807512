/** The page Backups in Spanish, and the sheet with their key. */
import type { Words } from '../english/index.ts';

export const backups: Words['backups'] = {
  lead: 'Cada noche el servidor copia lo que ha recibido y creado: correo, cuentas, claves, páginas. Cada copia está cifrada.',
  title: 'Copias de seguridad',
  areOff: 'Las copias están desactivadas.',
  goTo: 'Las copias van a {target} a partir de la próxima noche.',
  off: 'Las copias están desactivadas: lo que se pierde en este servidor está perdido.',
  local:
    'Están solo en este servidor. Si se pierde su disco, también ellas: envíelas a otro equipo, o cópielas allí.',
  toTarget: 'Van a {target}.',
  toHost: 'Van a {host}, cifradas.',
  makeOne: 'Hacer una ahora',
  begun: 'Ha empezado. La primera puede tardar horas; aparece aquí cuando está completa.',
  noneYet: 'Todavía no hay ninguna: la primera se hace por la noche.',
  full: 'completa',
  increment: 'incremental',
  goesNext: 'desaparece con la próxima copia diaria',
  goesIn: { one: 'desaparece en aprox. {n} día', other: 'desaparece en aprox. {n} días' },
  together: 'En total {size}',
  loose: '{size} de una que está en curso o se interrumpió',
  key: 'La clave',
  keyText:
    'Sin la clave nadie lee una copia, tampoco usted. Es un fichero en el servidor, y no está en ninguna copia. Cópiela una vez a un lugar seguro, desde su ordenador:',
  keyCommand: 'la orden para la clave',
  print: 'O imprímala, en una hoja que dice qué hacer cuando se pierde el servidor:',
  where: 'Adónde van',
  save: 'Guardar destino',
  target: 'Destino',
  targetHint:
    'local: una carpeta en este servidor. rsync://USER@HOST/PATH: otro equipo, por ssh. s3://REGION@HOST/BUCKET/PATH: un bucket. webdavs://HOST/PATH: una carpeta WebDAV, por ejemplo de Nextcloud. off: no se hace ninguna.',
  user: 'Usuario, o identificador de la clave',
  userHint: 'Solo para s3: y webdavs:. Si el destino sigue igual, lo que se deja vacío también.',
  password: 'Contraseña, o clave',
  days: 'Días que se guarda una copia',
  daysHint: 'Como mínimo: una completa queda mientras las incrementales la necesitan.',
  authorized: 'Otro equipo deja entrar al servidor con esta línea en authorized_keys del usuario:',
  authorizedLine: 'la línea para authorized_keys',
  lost: 'Correo perdido',
  lostText:
    'Un correo o todo un buzón vuelve a una carpeta propia, «Restored …», donde su dueño lo encuentra. Lo que la cuenta tiene queda como está.',
  noBackup: 'No hay ninguna copia de la que tomarlo.',
  everything: 'Para restaurarlo todo',
  folderText: 'Por ssh, como root. Una carpeta para revisar, con todo como estaba:',
  folderCommand: 'la orden para una carpeta',
  stateText:
    'Como estado de este servidor, o de uno nuevo al que copió las copias ({folder}) y la clave, seguido de un reinicio:',
  stateCommand: 'la orden para todo el estado',
};

export const sheet: Words['sheet'] = {
  show: 'Mostrar la hoja',
  password: 'Su contraseña',
  passwordHint: 'Quien tiene la clave y las copias lee todo el correo de este servidor.',
  title: 'Para recuperar {host}',
  text: 'Esta es la clave de sus copias de seguridad. Sin ella nadie las lee. Guarde esta hoja donde ni el fuego ni un ladrón alcance a ambas, a ella y a las copias.',
  qr: 'Código QR con la clave de abajo',
  backups: 'Copias de seguridad: {target}',
  asOf: 'Con fecha de {day}.',
  print: 'Imprimir',
  otherHostKey: 'del otro equipo: /etc/ssh/ssh_host_ed25519_key.pub',
  launch:
    'Escriba esto en el box.yaml antiguo y lance con él un servidor nuevo, en un disco vacío. Queda cerrado hasta que tiene su estado. Su consola muestra su dirección, y la huella por la que lo reconoce.',
  authorize: 'Su consola muestra una línea para authorized_keys. Póngala en el equipo que tiene las copias.',
  login:
    'Traiga las credenciales del almacenamiento, que no están en esta hoja: escriba el usuario o el identificador de la clave, luego la contraseña o la clave en una segunda línea, luego Ctrl-D.',
  copy: 'Traiga la copia que hizo de la carpeta con las copias de seguridad.',
  bringKey: 'Traiga la clave: escriba la línea de arriba, luego Ctrl-D.',
  opens: 'Lo trae todo, dice cómo va, y se abre.',
  registrar:
    'En el registrador cambie las direcciones de {host} por las de la máquina nueva. Correo, cuentas, contraseñas y claves son los de antes.',
};
