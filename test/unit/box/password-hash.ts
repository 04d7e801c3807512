/** A password as users.sqlite keeps it: SHA512-CRYPT, made by openssl. */
import { execFileSync } from 'node:child_process';

export const hashOf = (text: string): string =>
  `{SHA512-CRYPT}${execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: `${text}\n`, encoding: 'utf8' }).trim()}`;
