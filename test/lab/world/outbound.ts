/** Mail out of a box, and what its log says of each delivery. */
import { deliver } from '../../rig/mail.ts';
import type { Owner } from '../../rig/owner.ts';
import { waitFor } from '../../rig/wait.ts';
import type { LabBox } from './nspawn.ts';

export interface Delivery {
  readonly subject: string;
  /** Postfix's line about it: `to=<...>, relay=..., status=sent (...)`. */
  readonly line: string;
  /** `Verified`, `Trusted`, `Untrusted` or `Anonymous`, as Postfix logs a TLS connection; nothing where it was clear. */
  readonly tls: string | undefined;
}

/** Submits a mail by port 587 and waits for the first word about its delivery. */
export async function send(box: LabBox, owner: Owner, to: string): Promise<Delivery> {
  const subject = `to ${to} ${Date.now()}`;
  const before = (await mailLog(box)).length;
  await deliver(box, 587, { from: owner.email, to, subject, auth: owner, tls: 'required' });
  return { subject, ...(await deliveryIn(box, to, before)) };
}

/** Tries again what waits in the queue for this recipient, and waits for the outcome. */
export async function retry(box: LabBox, to: string): Promise<Omit<Delivery, 'subject'>> {
  const before = (await mailLog(box)).length;
  await box.run('postqueue -f');
  return deliveryIn(box, to, before);
}

async function deliveryIn(box: LabBox, to: string, after: number): Promise<Omit<Delivery, 'subject'>> {
  return waitFor(`word of a delivery to ${to} in the box's mail.log`, async () => {
    const text = (await mailLog(box)).slice(after);
    const found = text
      .split('\n')
      .find((entry) => entry.includes(` to=<${to}>,`) && entry.includes('status='));
    if (found === undefined) return undefined;
    // The smtp process that delivered it; it may have a name and number for each TLS connection.
    const process = /postfix\/smtp\[\d+\]/.exec(found)?.[0] ?? 'none';
    const host = /relay=([^[]+)\[/.exec(found)?.[1] ?? 'none';
    const [, tls] =
      new RegExp(`${escaped(process)}: (\\w+) TLS connection established to ${escaped(host)}\\[`).exec(
        text,
      ) ?? [];
    return { line: found, tls };
  });
}

export function mailLog(box: LabBox): Promise<string> {
  return box.run('cat /var/log/mail.log');
}

/** What `box outbound-tls` answers Postfix; nothing where it leaves it to Postfix's default. */
export async function policyFor(box: LabBox, domain: string): Promise<string | undefined> {
  const { code, stdout, stderr } = await box.outcome(
    `postmap -q ${domain} socketmap:inet:127.0.0.1:8461:outbound-tls`,
  );
  if (stderr !== '') throw new Error(stderr);
  return code === 0 ? stdout.trim() : undefined;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
