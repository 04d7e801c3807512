/** The page First steps in Spanish. */
import type { Words } from '../english/index.ts';

export const firstSteps: Words['firstSteps'] = {
  open: { one: '{n} de {all} pasos está pendiente', other: '{n} de {all} pasos están pendientes' },
  openAgain: {
    one: '{n} de {all} pasos vuelve a estar pendiente',
    other: '{n} de {all} pasos vuelven a estar pendientes',
  },
  allDone: 'Todos los pasos están hechos',
  states: { open: 'Por hacer', done: 'Hecho' },
  checked: 'Comprobado.',
  lead: 'Lo que solo usted puede hacer por este servidor. Él ve por sí mismo lo que está hecho; cuando lo está todo, esta página deja el menú.',
  waitsFor: 'Espera:',
  more: { one: 'Y {n} más, en Estado.', other: 'Y {n} más, en Estado.' },
  steps: {
    'name-servers': {
      title: 'Servidores de nombres',
      why: 'Los servidores de nombres y sus direcciones (glue) deben llevar a este servidor, para que el mundo sepa adónde va el correo de sus dominios.',
      whatToDo:
        'En el registrador de cada dominio, indique los servidores de nombres y el glue que muestra la página DNS.',
      waitsFor: 'Al registrador, de minutos a horas, y lo que otros recuerdan de antes, hasta dos días.',
    },
    dnssec: {
      title: 'Registro DS',
      why: 'Así nadie puede falsificar los registros de sus dominios, y los remitentes pueden exigir el cifrado.',
      whatToDo: 'En el registrador de cada dominio, introduzca el registro DS que muestra la página DNS.',
      waitsFor:
        'Primero los servidores de nombres; después el registrador y lo que otros recuerdan, hasta un día.',
    },
    'reverse-name': {
      title: 'Nombre inverso',
      why: 'Muchos servidores rechazan el correo de una dirección sin nombre propio.',
      whatToDo:
        'Donde alquila la máquina, ponga el nombre del servidor como nombre inverso (PTR) de sus direcciones.',
      waitsFor: 'Lo que otros recuerdan de antes, hasta un día.',
    },
    certificate: {
      title: 'Certificado',
      why: 'Por él reconocen al servidor los navegadores y los programas de correo, que advierten del que hizo él mismo.',
      whatToDo: 'En la página Certificado, obtenga uno, o instale uno de otro lugar.',
      waitsFor:
        'Los servidores de nombres, por los que la autoridad encuentra al servidor; después un minuto.',
    },
    'mail-out': {
      title: 'Correo a otros (puerto 25)',
      why: 'Muchos proveedores cierran el puerto 25 hasta que se les pide; hasta entonces el correo a otros servidores espera.',
      whatToDo: 'Pida a su proveedor que abra el puerto 25 de salida, o configure outbound.relay.',
      waitsFor:
        'La respuesta de su proveedor, hasta unos días. Lo que espera se entrega después por sí solo.',
    },
    backup: {
      title: 'Copias de seguridad en otro lugar',
      why: 'Lo que está solo en este servidor se pierde con él.',
      whatToDo:
        'En la página Copias de seguridad, indique un destino fuera de este servidor: otro equipo, un bucket o una carpeta WebDAV.',
      waitsFor: 'La primera copia: la próxima noche, o ahora mismo con el botón de esa página.',
    },
    'backup-key': {
      title: 'Clave de las copias',
      why: 'Sin ella nadie lee una copia, y ninguna copia la contiene.',
      whatToDo:
        'En la página Copias de seguridad, muestre la hoja con la clave, imprímala y guárdela en lugar seguro.',
      waitsFor: 'Nada: la hoja cuenta en cuanto se muestra.',
    },
    'second-factor': {
      title: 'Segundo factor',
      why: 'La contraseña de un administrador por sí sola abriría todo el servidor a quien la consiga.',
      whatToDo:
        'Cada administrador, en la página Segundo factor: añada una llave de acceso o active los códigos de un solo uso.',
      waitsFor: 'Nada: cuenta de inmediato.',
    },
    'first-user': {
      title: 'Primera cuenta',
      why: 'El correo de cada día no necesita derechos de administrador: dele una cuenta propia.',
      whatToDo: 'En la página Cuentas, añada una cuenta. Quien está solo aquí puede dejarlo.',
      waitsFor: 'Nada: cuenta de inmediato.',
    },
  },
};
