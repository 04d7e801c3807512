/** How the authority's last answer was, what the certificate is not for, and how far a change of the key is. */
import { daysLeft, readCertificate } from '../../keys/tls/certificate.ts';
import { paths } from '../../machine/paths.ts';
import { nextTry, renewalTime } from '../../renew/acme/due.ts';
import { readAcmeState } from '../../renew/acme/state.ts';
import { keyChangeStanding } from '../../renew/tls-key/report.ts';
import { type Check, type CheckResult, error, ofStep, ok, warning } from './check.ts';

const title = 'certificate by ACME';

/** Asks nobody but the box itself. */
export const certificateIsRenewed: Check = async (subject) => {
  const { machine, settings, now } = subject;
  const results: CheckResult[] = [];
  const state = await readAcmeState(machine);
  if (state.error !== undefined) {
    const next = nextTry(state, false, now()) ?? now();
    const text = `${state.error.text}; ${state.failures} tries failed, the next is not before ${next.toISOString()}`;
    const certificate = await readCertificate(machine);
    const urgent = certificate === undefined || daysLeft(certificate, now()) < 7;
    const failed = (urgent ? error : warning)(title, text, state.error.remedy, 'certificate');
    results.push(...ofStep('certificate', failed));
  } else if (settings.acme !== undefined || (await machine.exists(paths.acmeAccount))) {
    const certificate = await readCertificate(machine);
    const isOurs = certificate !== undefined && state.issued === certificate.fingerprint256;
    results.push(
      ok(title, isOurs ? `is renewed on ${renewalTime(certificate).toISOString().slice(0, 10)}` : 'none yet'),
    );
  }
  for (const { name, why } of state.skipped)
    results.push(
      warning(
        title,
        `is not for ${name}: ${why}`,
        'box tls provision --dry-run says how it is now',
        'certificate',
      ),
    );
  const change = await keyChangeStanding(subject);
  if (change === undefined) return results;
  const { phase, waitsFor, until, owner, hangs, problem } = change;
  const text = `${phase}: waits for ${waitsFor}${until === undefined ? '' : `, until ${until}`}`;
  const about = 'change of the TLS key';
  if (problem !== undefined) results.push(warning(about, `${text}; ${problem.text}`, problem.remedy));
  else if (owner) results.push(warning(about, text, 'box tls csr --next; then: box tls install FILE'));
  else if (hangs)
    results.push(error(about, `hangs. ${text}`, 'box tls renew; what it then says is the reason'));
  else results.push(ok(about, text));
  return results;
};
