/** A mail is submitted as one of the box's people, and read back: through every filter, to a mailbox, by the doors that people use. */
import { randomBytes } from 'node:crypto';
import { readCertificate } from '../../keys/tls/certificate.ts';
import { Failure } from '../../machine/failure.ts';
import { type Machine, python } from '../../machine/machine.ts';
import { mailboxOf, paths } from '../../machine/paths.ts';
import { lookAtLogs } from '../../machine/services.ts';
import { hashPassword } from '../../mail/password.ts';
import { endLoan, lendAccount } from '../../mail/users.ts';
import type { Subject } from '../checks/check.ts';

/** Seconds from the submission to the mailbox: a filter that has just started reads its rules first. */
const patience = 600;

/** @throws Failure naming what did not work */
export async function mailGoesThrough({ machine, image, settings: { hostname } }: Subject): Promise<void> {
  const email = `looks-whether-it-works-${randomBytes(6).toString('hex')}@${hostname}`;
  const password = randomBytes(24).toString('hex');
  const certificate = await readCertificate(machine);
  const order = {
    submission: portOf(image.ports, 'submission'),
    imaps: portOf(image.ports, 'imaps'),
    certificate: certificate?.fingerprint256.replace(/:/g, '').toLowerCase(),
    user: email,
    password,
    seconds: patience,
  };
  await forget(machine);
  await lendAccount(machine, email, await hashPassword(machine, password));
  try {
    const argv = [...python, machine.at(paths.tryMail)];
    const { code, err } = await machine.patiently(argv, undefined, JSON.stringify(order));
    if (code !== 0) throw new Failure(`no mail goes through: ${err.trim().split('\n').at(-1)}`, lookAtLogs);
  } finally {
    await forget(machine);
  }
}

/** The account, and its mailbox. */
async function forget(machine: Machine): Promise<void> {
  const account = await endLoan(machine);
  if (account !== undefined) await machine.removeTree(mailboxOf(account));
}

function portOf(ports: Subject['image']['ports'], name: string): number {
  const port = ports.find((one) => one.name === name)?.port;
  if (port === undefined) throw new Failure(`the image has no port for ${name}`, 'bake the image again');
  return port;
}
