/** The domains' web sites: nginx serves what was asked for, and the certificate is for each name. */
import { covers, isSelfSigned, readCertificate } from '../../keys/tls/certificate.ts';
import { readOutcome, wantedWeb } from '../../web/publish.ts';
import { type Check, type CheckResult, error, ok, warning } from './check.ts';

const title = 'web sites';

export const sitesAreServed: Check = async (subject) => {
  const { sites, redirects, file, problem, unserved } = await wantedWeb(subject);
  const results: CheckResult[] = [];
  if (problem !== undefined)
    results.push(error(title, `${problem.message}; the last good version holds`, problem.hint));
  if (!(await subject.machine.holds(file))) {
    const why = (await readOutcome(subject))?.why;
    results.push(
      why === undefined
        ? warning(title, 'are out of date', 'box web update', 'web-sites')
        : error(title, `nginx refuses the new ones: ${why}`, 'correct what it names, then: box web update'),
    );
  }
  if (unserved.length > 0) {
    const text = `custom.yaml names ${unserved.join(', ')}, which has no mail here and so no site`;
    results.push(
      warning(title, text, 'add an account or an alias of the domain, or remove it from the file', 'users'),
    );
  }
  const certificate = await readCertificate(subject.machine);
  const names = [...sites, ...redirects].map(({ domain }) => domain);
  const uncovered = names.filter((name) => certificate === undefined || !covers(certificate, name));
  // Browsers warn of a self-signed one at every name.
  if (uncovered.length > 0 && certificate !== undefined && !isSelfSigned(certificate)) {
    const text = `the certificate is not for ${uncovered.join(', ')}: browsers warn there; mail is not concerned`;
    results.push(warning(title, text, 'get a certificate for these names too: box tls csr', 'certificate'));
  }
  return results.length > 0 ? results : [ok(title, `${sites.length} served`)];
};
