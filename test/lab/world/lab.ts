/** A small internet: an outside host with DNS, other mail servers and senders, and boxes that mail each other. */
import type { Settings } from '../../../contract/settings.ts';
import type { Artefacts } from '../../rig/artefacts.ts';
import { documentsOf, makeOwner, type Owner, settingsOf } from '../../rig/owner.ts';
import { outcome } from '../../rig/program.ts';
import { LabCa, selfSigned, tlsaOf } from './certificates.ts';
import { type RawImage, sharedRawImage } from './image.ts';
import { LabMta } from './mta.ts';
import { Namespace } from './namespace.ts';
import { LabBox } from './nspawn.ts';
import { PolicyServer } from './policy-server.ts';
import { addSenders, ptr } from './senders.ts';
import { LabDns } from './zone.ts';

/**
 * Documentation addresses (RFC 5737): they lead nowhere. Names end in `.example`: resolvers keep `.test` for themselves
 * (RFC 6761, section 6.2). Boxes are numbered from 10, mail servers from 101, senders from 201.
 */
const network = '198.51.100';
export const outsideAddress = `${network}.1`;
/** The outside host's IPv6 address, in a lab that has such (RFC 3849). */
export const outsideIpv6 = '2001:db8::1';

/** Another mail server of the lab. */
export interface RemoteMta {
  /** `mx.` before it is the server's name. */
  readonly domain: string;
  /** `none` offers no STARTTLS. `lab-ca`: a certificate of the lab's authority for `certifiedName`. */
  readonly tls: 'none' | 'self-signed' | 'lab-ca';
  /** The name in the certificate; the server's own where absent. */
  readonly certifiedName?: string;
  /** A TLSA record for its key, or for one that it does not have. */
  readonly tlsa?: 'matching' | 'another';
  /** An MTA-STS policy in this mode, naming these MX patterns (its own MX where absent). */
  readonly mtaSts?: { readonly mode: 'enforce' | 'testing' | 'none'; readonly mx?: readonly string[] };
  /** Settings of its Postfix beyond those that make it take mail for its domain. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Lab {
  readonly image: RawImage;
  readonly outside: Namespace;
  readonly zone: LabDns;
  readonly ca: LabCa;
  /** The web server of every `mta-sts.` name. */
  readonly policies: PolicyServer;
  /** Makes a box that is attached to the lab; it is not booted yet. */
  readonly box: (
    name: string,
    owner: Owner,
    settings?: Partial<Settings>,
    memoryMiB?: number,
  ) => Promise<LabBox>;
  /** Starts a mail server on an address of its own and publishes its records. */
  readonly mta: (remote: RemoteMta) => Promise<LabMta>;
  readonly owner: Owner;
}

export async function makeLab(artefacts: Artefacts, { ipv6 = false } = {}): Promise<Lab> {
  const image = await sharedRawImage(artefacts.folder);
  const outside = artefacts.own(await Namespace.create('outside'));
  await outside.ip('link', 'add', 'br0', 'type', 'bridge');
  await outside.ip('address', 'add', `${outsideAddress}/24`, 'dev', 'br0');
  await outside.ip('link', 'set', 'br0', 'up');
  if (ipv6) await outside.ip('-6', 'address', 'add', `${outsideIpv6}/64`, 'dev', 'br0', 'nodad');
  const zone = artefacts.own(
    await LabDns.create(artefacts.folder, outside, outsideAddress, ipv6 ? outsideIpv6 : undefined),
  );
  await zone.publish([
    `client.outside.example. A ${outsideAddress}`,
    ptr(outsideAddress, 'client.outside.example'),
    `client.outside.example. TXT "v=spf1 ip4:${outsideAddress} -all"`,
    '_dmarc.client.outside.example. TXT "v=DMARC1; p=reject"',
  ]);
  await addSenders(outside, zone);
  const ca = await LabCa.create(artefacts.folder);
  const policies = artefacts.own(new PolicyServer(artefacts.folder, outside, outsideAddress));

  let lastBox = 9;
  const box: Lab['box'] = async (name, owner, changed = {}, memoryMiB) => {
    const number = ++lastBox;
    const address = `${network}.${number}`;
    // A machine keeps its card when it boots again: its neighbours know it by that.
    const mac = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
    const attach = async () => {
      // A namespace that was removed takes its cables with it, but not at once.
      await outcome(['ip', '-n', outside.name, 'link', 'delete', `to-${name}`]);
      const namespace = await Namespace.create(name);
      await namespace.cable('host0', mac, outside, `to-${name}`);
      await outside.ip('link', 'set', `to-${name}`, 'up', 'master', 'br0');
      return namespace;
    };
    const settings = settingsOf(owner, {
      lab: { rootHints: [outsideAddress], trustAnchor: zone.trustAnchor },
      ...changed,
    });
    const { hostname } = settings;
    const domain = settings.admin.email.split('@')[1];
    await zone.publish([
      `${hostname}. A ${address}`,
      `${domain}. MX 10 ${hostname}.`,
      ptr(address, hostname),
    ]);
    const documents = documentsOf(owner, settings);
    const gateway = outsideAddress;
    return artefacts.own(
      new LabBox(artefacts.folder, {
        ...{ name, image, attach, address, mac, gateway, documents, outside },
        ...(memoryMiB === undefined ? {} : { memoryMiB }),
      }),
    );
  };

  let lastMta = 100;
  const mta = async (remote: RemoteMta) => {
    const { domain } = remote;
    const hostname = `mx.${domain}`;
    const address = `${network}.${++lastMta}`;
    await outside.ip('address', 'add', `${address}/24`, 'dev', 'br0');
    const folder = `${artefacts.folder}/mta/${domain}`;
    const names = [remote.certifiedName ?? hostname];
    const tls =
      remote.tls === 'none'
        ? undefined
        : await (remote.tls === 'lab-ca' ? ca.issue(names) : selfSigned(folder, names));
    const records = [`${hostname}. A ${address}`, `${domain}. MX 10 ${hostname}.`, ptr(address, hostname)];
    if (remote.tlsa !== undefined && tls !== undefined) {
      const pair = remote.tlsa === 'matching' ? tls : await selfSigned(`${folder}/another`, names);
      records.push(`_25._tcp.${hostname}. TLSA ${tlsaOf(pair.certificate)}`);
    }
    await zone.publish(records);
    if (remote.mtaSts !== undefined) {
      const { mode, mx = [hostname] } = remote.mtaSts;
      await policies.publish(zone, domain, await ca.issue([`mta-sts.${domain}`]), { mode, mx });
    }
    return artefacts
      .own(
        new LabMta(artefacts.folder, image, outside, {
          domain,
          hostname,
          address,
          tls,
          settings: remote.settings,
        }),
      )
      .start();
  };
  return { image, outside, zone, ca, policies, box, mta, owner: await makeOwner(artefacts.folder) };
}

/** A second owner, of another domain. */
export function neighbour(owner: Owner): { owner: Owner; settings: Partial<Settings> } {
  const other = { ...owner, email: 'you@outside.example' };
  return {
    owner: other,
    settings: {
      hostname: 'box.outside.example',
      admin: { email: other.email, passwordHash: other.passwordHash },
    },
  };
}
