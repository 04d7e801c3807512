/** Every service of the image runs, every port of it answers, and the network may reach the public ones. */
import { readReport, undone } from '../../machine/report.ts';
import { command, lookAtLogs } from '../../machine/services.ts';
import { type Check, type CheckResult, error, ok } from './check.ts';

export const servicesRun: Check = ({ machine, image }) =>
  Promise.all(
    image.services.map(async (service) => {
      const runs = await machine.succeeds(command(image, 'serviceRuns', service));
      const start = command(image, 'startService', service).join(' ');
      return runs ? ok(service, 'runs') : error(service, 'does not run', `${lookAtLogs}, then: ${start}`);
    }),
  );

export const portsAnswer: Check = ({ machine, image }) =>
  Promise.all(
    image.ports
      .filter(({ protocol }) => protocol === 'tcp')
      .map(async ({ port, name, role }) => {
        const title = `${name}, port ${port}`;
        return (await machine.answers(port))
          ? ok(title, 'answers')
          : error(title, 'does not answer', `is ${role} well? ${lookAtLogs}`);
      }),
  );

/** What `box init` and `box ready` have said at this boot. */
export const bootWentWell: Check = async ({ machine }) => {
  const report = await readReport(machine);
  const results: CheckResult[] = [];
  if (report?.stage === 'failed') {
    results.push(error('boot', `${report.step}: ${report.error}`, report.hint ?? ''));
  }
  for (const step of report === undefined ? [] : undone(report))
    results.push(error('boot', `${step.title}: ${step.error}`, step.hint ?? ''));
  if (report?.fenceOpen !== true) results.push(error('fence', 'closed', 'reboot, or: box init && box ready'));
  return results.length > 0 ? results : [ok('fence', `open; the box is ready since ${report?.finishedAt}`)];
};
