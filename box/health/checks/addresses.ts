/** Every public port answers on each of the machine's addresses, and not on loopback alone. */
import { isLinkLocal } from '../../dns/addresses.ts';
import { lookAtLogs } from '../../machine/services.ts';
import { type Check, error, ok } from './check.ts';

export const addressesAnswer: Check = async ({ machine, image }) => {
  const title = 'addresses';
  const addresses = machine.addresses().filter((address) => !isLinkLocal(address));
  const ports = image.ports.filter((port) => port.public && port.protocol === 'tcp');
  const silent: string[] = [];
  for (const { address } of addresses) {
    const answers = await Promise.all(ports.map(({ port }) => machine.answers(port, address)));
    const dumb = ports.filter((_, at) => answers[at] === false).map(({ name, port }) => `${name} (${port})`);
    if (dumb.length > 0) silent.push(`${address}: ${dumb.join(', ')}`);
  }
  if (silent.length > 0)
    return [
      error(
        title,
        `no answer on ${silent.join('; ')}: nobody outside gets one either`,
        `${lookAtLogs}, then reboot`,
      ),
    ];
  if (addresses.length === 0) return [ok(title, 'the machine has none but loopback')];
  return [ok(title, `every public port answers on ${addresses.map(({ address }) => address).join(' and ')}`)];
};
