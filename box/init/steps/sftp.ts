/** Whose keys may upload web pages by sftp, as the settings say: sshd reads them at each log-in. */
import { paths } from '../../machine/paths.ts';
import { filesStep } from './files-step.ts';

export const sftpStep = filesStep(
  'sftp keys',
  async ({ settings: { web } }) => [
    {
      path: paths.sftpKeys,
      mode: 0o644,
      text: (web?.sftpKeys ?? []).map((key) => `${key}\n`).join(''),
    },
  ],
  { optional: true },
);
