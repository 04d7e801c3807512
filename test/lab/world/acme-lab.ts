/**
 * A box that gets its certificates by ACME from an authority of the lab, with a validator outside. The clocks of the box program
 * and of the validator are moved together.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Artefacts } from '../../rig/artefacts.ts';
import { certificateAfterStarttls, certificateAt } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { waitFor } from '../../rig/wait.ts';
import { startAuthority } from './authority.ts';
import { makeLab } from './lab.ts';
import { started } from './started.ts';
import { faketimeLibrary } from './validator.ts';

export const zone = 'example.com';
export const hour = 3600;
export const day = 24 * hour;
interface Ds {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: string;
}

export const hashOf = (certificate: X509Certificate) =>
  createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');

export function acmeLab(kept: Artefacts) {
  const ready = makeLab(kept).then(async (it) => {
    const { validator, pebble, settings } = await startAuthority(kept, it, 3 * hour);
    const box = await started(it, 'box', it.owner, settings);
    await box.run('systemctl disable --quiet --now box-dns.timer box-tls.timer');
    await box.run('base64 -d >/opt/libfaketime.so', readFileSync(faketimeLibrary()).toString('base64'));
    // dig does not bear libfaketime, and needs no other clock.
    await box.run(
      'mkdir /opt/bin && cat >/opt/bin/dig && chmod 755 /opt/bin/dig',
      '#!/bin/sh\nunset LD_PRELOAD\nexec /usr/bin/dig "$@"\n',
    );
    const ds = JSON.parse(await box.run('box dns ds --json')) as Ds[];
    await it.zone.publish([
      `${zone}. NS ns1.${hostname}.`,
      `${zone}. NS ns2.${hostname}.`,
      `ns1.${hostname}. A ${box.host}`,
      `ns2.${hostname}. A ${box.host}`,
      ...ds.map((each) => `${zone}. DS ${each.keyTag} ${each.algorithm} ${each.digestType} ${each.digest}`),
    ]);
    await box.run('systemctl restart unbound');
    return { ...it, box, validator, pebble };
  });

  /** Seconds that the clocks are ahead. */
  let ahead = 0;
  const clock = () => [
    'PATH=/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'LD_PRELOAD=/opt/libfaketime.so',
    'DONT_FAKE_MONOTONIC=1',
    `FAKETIME=+${ahead}`,
  ];

  async function moveClocks(seconds: number): Promise<void> {
    ahead += seconds;
    (await ready).validator.clock(ahead);
  }
  const boxTls = async (words: string) =>
    (await ready).box.outcome(`env ${clock().join(' ')} box tls ${words}`);

  /** What the timer starts, on the moved clock. */
  async function timerRuns(): Promise<number | null> {
    const { box } = await ready;
    const environment = clock()
      .map((each) => `Environment=${each}\n`)
      .join('');
    await box.run(
      'mkdir -p /run/systemd/system/box-tls.service.d && cat >/run/systemd/system/box-tls.service.d/clock.conf && systemctl daemon-reload',
      // A sandboxed unit does not see root's home.
      `[Service]\n${environment}`,
    );
    return (await box.outcome('systemctl start box-tls.service')).code;
  }
  const status = async () => {
    const { box } = await ready;
    return (await box.outcome(`env ${clock().join(' ')} box status`)).stdout;
  };

  /** Has the box trust what the authority issues, as an owner would. */
  async function trustAuthority(): Promise<void> {
    const { box, pebble } = await ready;
    await box.run(
      'cat >/usr/local/share/ca-certificates/pebble.crt && update-ca-certificates --fresh >/dev/null 2>&1',
      await pebble.root(),
    );
  }

  const served = async (port: number) => {
    const { box } = await ready;
    const found = await ([25, 587].includes(port)
      ? certificateAfterStarttls(box, port)
      : certificateAt(box, port, hostname));
    return new X509Certificate(found.pem);
  };
  /** TLSA records of port 25, as the validator sees them. */
  async function tlsa(): Promise<string[]> {
    const { validator } = await ready;
    const { text, secure } = await validator.ask(`_25._tcp.${hostname}`, 'TLSA');
    if (!secure) throw new Error(`not validated: ${text}`);
    return [...text.matchAll(/\sTLSA\s+3 1 1 ([0-9A-F ]+)$/gim)].map(([, hex = '']) =>
      hex.replace(/ /g, '').toLowerCase(),
    );
  }

  async function everyPortServes(fingerprint: (one: X509Certificate) => boolean): Promise<void> {
    for (const port of [443, 465, 993, 995, 25, 587])
      await waitFor(`the certificate on port ${port}`, async () =>
        fingerprint(await served(port)) ? true : undefined,
      );
  }
  async function zoneIsValidated(): Promise<void> {
    const { validator } = await ready;
    await waitFor('the zone to be validated', async () =>
      (await validator.ask(zone, 'MX')).secure ? true : undefined,
    );
  }

  /** The box has a certificate of the authority, which it trusts, for two months. */
  async function provisioned(): Promise<void> {
    await zoneIsValidated();
    await (await ready).pebble.start(60 * day);
    await trustAuthority();
    const { code, stderr } = await boxTls('provision');
    if (code !== 0) throw new Error(stderr);
  }

  return {
    ready,
    moveClocks,
    boxTls,
    timerRuns,
    status,
    trustAuthority,
    zoneIsValidated,
    provisioned,
    served,
    tlsa,
    everyPortServes,
  };
}
