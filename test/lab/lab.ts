/** A small internet: an outside host with the DNS root, and two boxes of the same image that mail each other. */
import type { Settings } from '../../box/settings.ts';
import type { Artefacts } from '../boot/artefacts.ts';
import { documentsOf, makeOwner, type Owner, settingsOf } from '../boot/owner.ts';
import { outcome } from '../boot/program.ts';
import { rawImage } from './image.ts';
import { Namespace } from './namespace.ts';
import { LabBox } from './nspawn.ts';
import { RootZone } from './zone.ts';

/**
 * Documentation addresses (RFC 5737): they lead nowhere. Names end in `.example`: resolvers keep `.test` for themselves
 * (RFC 6761, section 6.2), and these addresses' reverse zones too.
 */
const network = '198.51.100';
const outsideAddress = `${network}.1`;

export interface Lab {
  readonly outside: Namespace;
  readonly zone: RootZone;
  /** Makes a box that is attached to the lab; it is not booted yet. */
  readonly box: (name: string, owner: Owner, settings?: Partial<Settings>) => Promise<LabBox>;
  readonly owner: Owner;
}

export async function makeLab(artefacts: Artefacts): Promise<Lab> {
  const image = await rawImage(artefacts.folder);
  const outside = artefacts.own(await Namespace.create('outside'));
  await outside.ip('link', 'add', 'br0', 'type', 'bridge');
  await outside.ip('address', 'add', `${outsideAddress}/24`, 'dev', 'br0');
  await outside.ip('link', 'set', 'br0', 'up');
  const zone = artefacts.own(await RootZone.create(artefacts.folder, outside, outsideAddress));
  await zone.publish([`client.outside.example. A ${outsideAddress}`]);
  let last = 9;
  const box = async (name: string, owner: Owner, changed: Partial<Settings> = {}) => {
    const address = `${network}.${++last}`;
    // A machine keeps its card when it boots again: its neighbours know it by that.
    const mac = `02:00:00:00:00:${last.toString(16).padStart(2, '0')}`;
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
    await zone.publish([`${hostname}. A ${address}`, `${domain}. MX 10 ${hostname}.`]);
    const documents = documentsOf(owner, settings);
    return artefacts.own(
      new LabBox(artefacts.folder, {
        name,
        image,
        attach,
        address,
        gateway: outsideAddress,
        documents,
        outside,
      }),
    );
  };
  return { outside, zone, box, owner: await makeOwner(artefacts.folder) };
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
