/** The certificate belongs to the key, is for this box, and is valid for a while. */
import { covers, daysLeft, isSelfSigned, readCertificate } from '../../keys/tls/certificate.ts';
import { readKey } from '../../keys/tls/private-key.ts';
import { paths } from '../../machine/paths.ts';
import { endsSoon } from '../../renew/acme/due.ts';
import { readAcmeState } from '../../renew/acme/state.ts';
import { type Check, type CheckResult, error, ofStep, ok, warning } from './check.ts';

const title = 'TLS certificate';

export const certificateServes: Check = async ({ machine, settings: { hostname }, now }) => {
  const certificate = await readCertificate(machine);
  const key = await readKey(machine, paths.tlsKey);
  if (key === undefined) return [error(title, 'has no private key', 'reboot: the box makes what is missing')];
  if (certificate === undefined)
    return [error(title, 'is missing or damaged', 'reboot: the box makes what is missing')];
  const selfSigned = isSelfSigned(certificate);
  const state = await readAcmeState(machine);
  const renews = state.issued === certificate.fingerprint256;
  const byHand = renews ? 'box tls provision' : 'install a new one';
  const renew = selfSigned ? 'reboot: the box issues a new one' : byHand;
  // The box itself makes one that is its own.
  const page = selfSigned ? undefined : 'certificate';
  const days = daysLeft(certificate, now());
  // One that the box made itself is well, and no step is done by it.
  const about = (result: CheckResult) => (selfSigned ? [result] : ofStep('certificate', result));
  if (!certificate.checkPrivateKey(key))
    return about(error(title, 'does not belong to the private key', renew, page));
  if (days < 0) return about(error(title, `expired ${-days} days ago`, renew, page));
  if (!covers(certificate, hostname)) return about(error(title, `is not for ${hostname}`, renew, page));
  if (Date.parse(certificate.validFrom) > now().getTime()) {
    return about(
      warning(title, `is valid from ${certificate.validFrom} only`, 'is the clock right? see: date'),
    );
  }
  if (endsSoon(certificate, state, now()))
    return about(warning(title, `expires in ${days} days`, renew, page));
  const kind = selfSigned ? 'self-signed' : 'installed';
  return about(ok(title, `${kind}, valid for ${days} days, SHA-256 ${certificate.fingerprint256}`));
};
