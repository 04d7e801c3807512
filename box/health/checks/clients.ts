/** Mail programs find the settings of a mailbox: the documents are right, and served for each domain. */
import { hostnamePattern } from '../../../contract/settings.ts';
import { domainOf } from '../../mail/address.ts';
import { readMailData } from '../../mail/users.ts';
import { autoconfigFile } from '../../mail-clients/autoconfig.ts';
import { serversOf } from '../../mail-clients/servers.ts';
import { isProfileCurrent } from '../../mail-clients/sign.ts';
import { type Check, type CheckResult, error, ok, warning } from './check.ts';

const title = 'mail programs';

export const programsFindIt: Check = async (subject) => {
  const { machine, image, settings } = subject;
  const file = autoconfigFile(serversOf(settings.hostname, image));
  const remedy = 'reboot: the box makes what is missing';
  if (!(await machine.holds(file))) return [error(title, `${file.path} is out of date`, remedy)];
  const results: CheckResult[] = [];
  if (!(await isProfileCurrent(subject)))
    results.push(warning(title, 'the profile for Apple’s is not of this box and its certificate', remedy));
  const { users } = await readMailData(machine);
  const domains = [...new Set(users.map(({ email }) => domainOf(email)))].filter((domain) =>
    hostnamePattern.test(domain),
  );
  if (image.ports.some(({ port }) => port === 443)) {
    const names = domains.map((domain) => `autoconfig.${domain}`);
    const pages = await machine.pages(names, '/mail/config-v1.1.xml');
    const without = names.filter((_, i) => pages[i] !== file.text);
    if (without.length > 0)
      results.push(error(title, `the settings are not served at ${without.join(', ')}`, 'nginx -t'));
  }
  return results.length > 0 ? results : [ok(title, `find their settings; domains: ${domains.length}`)];
};
