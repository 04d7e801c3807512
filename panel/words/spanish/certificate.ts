/** The page Certificate in Spanish. */
import type { Words } from '../english/index.ts';

export const certificate: Words['certificate'] = {
  lead: 'Por él reconocen al servidor los programas de correo, los navegadores y otros servidores de correo.',
  names: 'Nombres',
  get: 'Obtener un certificado ahora',
  getText:
    'Por ACME, de Let’s Encrypt donde no se ha configurado otra cosa: no cuesta nada y tarda uno o dos minutos.',
  noneNeeded: 'Ningún nombre necesita uno.',
  wantedFor: 'Hace falta para {names}.',
  action: 'Obtener un certificado',
  agreed: 'Acepto las condiciones de la autoridad, y que publique los nombres',
  inService: 'En servicio',
  state: 'Estado',
  fingerprint: 'Huella (SHA-256)',
  fingerprintName: 'huella',
  selfSigned:
    'Los navegadores y programas de correo advierten una vez de un certificado autofirmado. Antes de decirles que confíen en él, compare la huella que muestran con esta.',
  notDue: 'No hacía falta nada: el certificado en servicio sirve.',
  leftOut: 'Se dejó fuera:',
  skipped: 'No se pidió nada:',
  isNew: 'Un certificado nuevo está en servicio, para {names}.',
  elsewhere: 'Un certificado de otro lugar',
  request: '1. Hacer una solicitud',
  requestText:
    'Es para la clave del servidor y todos sus nombres. Envíela a una autoridad; no contiene ningún secreto.',
  makeRequest: 'Hacer una solicitud',
  nameInIt: 'Nombre que debe estar en ella',
  requestMade: 'La solicitud está hecha. Cópiela para la autoridad.',
  requestName: 'solicitud',
  install: '2. Instalar lo que envió la autoridad',
  installAction: 'Instalar el certificado',
  cert: 'Certificado',
  certHint: 'En PEM: empieza por -----BEGIN CERTIFICATE-----.',
  chain: 'Certificados entre él y la autoridad',
  chainHint: 'Uno tras otro, cada uno seguido de su emisor.',
  installed: 'El certificado está en servicio.',
};
