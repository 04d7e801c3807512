/** `box tls csr`: a request to hand to an authority, for the key that the box has and keeps. */
import { plainName } from '../../../contract/idna.ts';
import { hostnamePattern } from '../../../contract/settings.ts';
import { certificateNames } from '../../dns/certificate-names.ts';
import { readKey } from '../../keys/tls/private-key.ts';
import { makeRequest } from '../../keys/tls/request.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { readSettings } from '../../machine/settings-file.ts';
import type { Command } from '../command.ts';

export const csr: Command = {
  name: 'tls csr',
  operands: [],
  summary: 'print a certificate signing request for the box’s key',
  options: { names: { type: 'string' }, next: { type: 'boolean' } },
  optionHelp: {
    next: 'for the key that comes next (box tls new-key)',
    names: 'for these names, with commas; without it the box’s own and mta-sts. of each mail domain',
  },
  async run({ machine, options, say }) {
    const { hostname } = await readSettings(machine);
    const told = typeof options.names === 'string' ? options.names.split(',').map(plainName) : undefined;
    const names = told ?? (await certificateNames(machine, hostname));
    const wrong = names.find((name) => !hostnamePattern.test(name));
    if (wrong !== undefined)
      throw new Failure(
        `${wrong} is not a host name in lower case`,
        `for example: box tls csr --names ${hostname}`,
      );
    if (!names.includes(hostname))
      throw new Failure(
        `${hostname} is not among the names`,
        'the one certificate serves the box’s own name too',
      );
    const path = options.next === true ? paths.nextTlsKey : paths.tlsKey;
    const key = await readKey(machine, path);
    if (key === undefined)
      throw new Failure(
        `${path} is missing`,
        options.next === true ? 'make it with: box tls new-key' : 'reboot: the box makes a new one',
      );
    say((await makeRequest(names, key)).trimEnd());
    return 0;
  },
};
