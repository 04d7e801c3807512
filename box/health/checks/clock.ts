/** The clock follows a time server: with a wrong one, signatures and certificates seem expired. */
import { fromDnsTime } from '../../dns/zone.ts';
import { type Check, error, ok, type Subject, warning } from './check.ts';

const title = 'clock';
const reach = 'can the box reach UDP port 123?';

export const clockIsRight: Check = async (subject) => {
  const { machine, image, now } = subject;
  if (await machine.succeeds(image.commands.clockIsSet)) return [ok(title, 'follows a time server')];
  const signed = await rootWasSigned(subject);
  const said = now().toISOString();
  if (signed !== undefined)
    return [
      error(
        title,
        `is wrong: it says ${said}, and the root of the DNS was signed about ${signed.toISOString().slice(0, 10)}; nothing can be validated`,
        `set it by hand (date -u -s 'YYYY-MM-DD hh:mm'), and it is followed from there; ${reach}`,
      ),
    ];
  return [
    warning(
      title,
      `follows no time server; it says ${said}`,
      `a wrong clock makes DNSSEC, DKIM and TLS fail: ${reach}`,
    ),
  ];
};

/** When the world signed the root, where now is outside of the signature's life; undefined: inside, or nobody says. */
async function rootWasSigned({ machine, now }: Subject): Promise<Date | undefined> {
  // Unvalidated: what it is asked for is whether it could be.
  const { out } = await machine.outcome(['dig', '+cd', '+dnssec', '+tries=1', '+time=3', '.', 'SOA']);
  const times = /\sRRSIG\s+SOA\s+\d+\s+0\s+\d+\s+(\d{14})\s+(\d{14})\s/.exec(out);
  if (times === null) return undefined;
  const [expiration, inception] = [fromDnsTime(times[1]), fromDnsTime(times[2])];
  return now() < inception || now() > expiration ? inception : undefined;
}
