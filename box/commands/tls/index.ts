/** `box tls`: the certificate that the daemons serve. */
import type { Command } from '../command.ts';
import { csr } from './csr.ts';
import { install } from './install.ts';
import { show } from './show.ts';

export const tlsCommands: readonly Command[] = [show, csr, install];
