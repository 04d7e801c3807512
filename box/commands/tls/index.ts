/** `box tls`: the certificate that the daemons serve. */
import type { Command } from '../command.ts';
import { csr } from './csr.ts';
import { install } from './install.ts';
import { newKey } from './new-key.ts';
import { provisionCommand } from './provision.ts';
import { renew } from './renew.ts';
import { show } from './show.ts';

export const tlsCommands: readonly Command[] = [show, provisionCommand, csr, install, newKey, renew];
