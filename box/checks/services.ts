/** Every service of the image runs, every port of it answers, and the network may reach the public ones. */
import { readReport } from '../init/report.ts';
import { command, lookAtLogs } from '../init/services.ts';
import { type Check, error, ok } from './check.ts';

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

export const fenceIsOpen: Check = async ({ machine }) => {
  const report = await readReport(machine);
  if (report?.stage === 'ready') return [ok('fence', `open since ${report.finishedAt}`)];
  const why = report?.error === undefined ? '' : `: ${report.step}: ${report.error}`;
  const remedy = `${report?.hint === undefined ? '' : `${report.hint}; `}then: box init && box ready`;
  return [error('fence', `closed: the box was not ready at this boot${why}`, remedy)];
};
