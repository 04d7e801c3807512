/** The lab's authority that speaks ACME, the resolver by which it looks at names, and what a box is told of both. */
import { readFileSync } from 'node:fs';
import type { Settings } from '../../../contract/settings.ts';
import type { Artefacts } from '../../rig/artefacts.ts';
import { type Lab, outsideAddress } from './lab.ts';
import { Pebble } from './pebble.ts';
import { Validator } from './validator.ts';

const name = 'acme.outside.example';
const [resolverAddress, authorityAddress] = ['198.51.100.53', '198.51.100.54'];

/** @param validity seconds that its certificates are valid */
export async function startAuthority(kept: Artefacts, { image, outside, zone, ca }: Lab, validity: number) {
  for (const address of [resolverAddress, authorityAddress])
    await outside.ip('address', 'add', `${address}/24`, 'dev', 'br0');
  await zone.publish([`${name}. A ${authorityAddress}`]);
  const resolver = { rootHints: [outsideAddress], trustAnchor: zone.trustAnchor };
  const validator = kept.own(
    await new Validator(kept.folder, image, outside, resolverAddress, resolver).start(),
  );
  const pair = await ca.issue([name]);
  const pebble = kept.own(
    new Pebble(kept.folder, { outside, address: authorityAddress, resolver: resolverAddress, pair }),
  );
  await pebble.start(validity);
  const settings: Partial<Settings> = {
    lab: { ...resolver, acmeAuthority: readFileSync(ca.pair.certificate, 'utf8') },
    acme: { directory: `https://${name}:14000/dir` },
  };
  return { validator, pebble, settings };
}
