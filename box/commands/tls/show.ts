/** `box tls show`: the certificate that the daemons serve, and what a TLSA record says of its key. */
import { createHash } from 'node:crypto';
import { daysLeft, isSelfSigned, readCertificate } from '../../keys/tls/certificate.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import type { Command } from '../command.ts';

export const show: Command = {
  name: 'tls show',
  operands: [],
  summary: 'show the certificate that is served',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print {file, names, issuer, selfSigned, validFrom, validTo, sha256, tlsa}' },
  async run({ machine, options, now, say }) {
    const certificate = await readCertificate(machine);
    if (certificate === undefined)
      throw new Failure(
        `${paths.certificate} is missing or damaged`,
        'reboot: the box makes what is missing',
      );
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const shown = {
      file: `${paths.tls}/${await machine.linkTarget(paths.certificate)}`,
      names: (certificate.subjectAltName ?? '').split(', ').map((name) => name.replace(/^DNS:/, '')),
      issuer: certificate.issuer.split('\n').join(', '),
      selfSigned: isSelfSigned(certificate),
      validFrom: new Date(certificate.validFrom).toISOString(),
      validTo: new Date(certificate.validTo).toISOString(),
      sha256: certificate.fingerprint256,
      tlsa: `3 1 1 ${createHash('sha256').update(spki).digest('hex')}`,
    };
    if (options.json === true) {
      say(JSON.stringify(shown, null, 2));
      return 0;
    }
    say(`file     ${shown.file}`);
    say(`names    ${shown.names.join(', ')}`);
    say(`issuer   ${shown.selfSigned ? 'self-signed' : shown.issuer}`);
    say(`valid    ${shown.validFrom} to ${shown.validTo}, ${daysLeft(certificate, now())} days more`);
    say(`SHA-256  ${shown.sha256}`);
    say(`TLSA     ${shown.tlsa}`);
    return 0;
  },
};
