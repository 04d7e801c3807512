/** The clock follows a time server: with a wrong one, signatures and certificates seem expired. */
import { type Check, ok, warning } from './check.ts';

export const clockIsRight: Check = async ({ machine, image, now }) => {
  const title = 'clock';
  if (await machine.succeeds(image.commands.clockIsSet)) return [ok(title, 'follows a time server')];
  return [
    warning(
      title,
      `follows no time server; it says ${now().toISOString()}`,
      'a wrong clock makes DNSSEC, DKIM and TLS fail: can the box reach UDP port 123?',
    ),
  ];
};
