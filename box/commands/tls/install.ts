/** `box tls install`: takes a certificate of an authority into service. */
import { daysLeft } from '../../keys/tls/certificate.ts';
import { Failure } from '../../machine/failure.ts';
import { installCertificate } from '../../renew/install.ts';
import { locked } from '../change.ts';
import type { Command } from '../command.ts';
import { boxOf } from '../dns/box-of.ts';

export const install: Command = {
  name: 'tls install',
  operands: ['FILE'],
  summary: 'serve the certificate in a PEM file: first the box’s, then each issuer',
  options: {},
  optionHelp: {},
  run(call) {
    return locked(call.machine, async () => {
      const [file = ''] = call.operands;
      const pem = await call.machine.read(file);
      if (pem === undefined) throw new Failure(`there is no file ${file}`, 'usage: box tls install FILE');
      const certificate = await installCertificate(await boxOf(call), pem);
      call.say(`installed: valid for ${daysLeft(certificate, call.now())} days`);
      call.say(`SHA-256 ${certificate.fingerprint256}`);
    });
  },
};
