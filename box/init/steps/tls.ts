/** The TLS key and the box's own certificate for it. */
import { judge, readCertificate, type Verdict } from '../../keys/tls/certificate.ts';
import { tlsDaemons } from '../../keys/tls/daemons.ts';
import { isKeyInPlace, keepOrMakeKey, readKey } from '../../keys/tls/private-key.ts';
import { issueSelfSigned } from '../../keys/tls/self-signed.ts';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { isOfTheFuture } from '../../renew/clock-was-ahead.ts';
import type { Step } from './step.ts';

const keyFile = { path: paths.tlsKey, mode: 0o600 } as const;
/** One key for every certificate the box will have, so that its TLSA record stays true. */
export const tlsKeyStep: Step = {
  title: 'TLS key',
  refresh: tlsDaemons,
  done: ({ machine }) => isKeyInPlace(machine, keyFile),
  run: ({ machine }) => keepOrMakeKey(machine, keyFile),
};

export const certificateStep: Step = {
  title: 'TLS certificate',
  refresh: tlsDaemons,
  async done(box) {
    const verdict = await judgeCurrent(box);
    if (verdict.state === 'wrong') {
      throw new Failure(
        `${paths.certificate}: ${verdict.why}`,
        `install the certificate that was issued for ${paths.tlsKey}, or remove it and reboot for a self-signed one`,
      );
    }
    return verdict.state === 'good';
  },
  async run({ machine, settings: { hostname }, now }) {
    const key = await readKey(machine, paths.tlsKey);
    if (key === undefined) throw new Failure(`${paths.tlsKey} is missing`, 'reboot: the box makes a new one');
    const text = await issueSelfSigned(hostname, key, now());
    const name = `${hostname}-selfsigned-${now().toISOString().slice(0, 10).replace(/-/g, '')}.pem`;
    await machine.put({ path: `${paths.tls}/${name}`, mode: 0o644, text });
    await machine.link(paths.certificate, name);
  },
};

async function judgeCurrent({ machine, settings, now }: Box): Promise<Verdict> {
  const key = await readKey(machine, paths.tlsKey);
  if (key === undefined) return { state: 'issue', why: 'there is no key' };
  const verdict = judge(await readCertificate(machine), key, settings.hostname, now());
  if (verdict.state === 'good' && (await isOfTheFuture({ machine, now })))
    return { state: 'issue', why: 'it is not valid yet' };
  return verdict;
}
