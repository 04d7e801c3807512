/** A box of which the world knows nothing yet, and what its owner has to do with elsewhere: the registrar, the provider of the machine, a store. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Artefacts } from '../../rig/artefacts.ts';
import { trustClients } from '../../rig/behaviour.ts';
import { hostname } from '../../rig/owner.ts';
import { ended } from '../../rig/program.ts';
import { davLogin, davServerArgv, startStore } from '../../rig/stores.ts';
import { day } from './acme-lab.ts';
import { startAuthority } from './authority.ts';
import { Browser } from './browser.ts';
import { type Lab, makeLab, outsideAddress } from './lab.ts';
import { PanelPerson } from './panel-person.ts';
import { ptr } from './senders.ts';

export const domain = 'example.com';
const store = { host: 'store.outside.example', port: 9443 };

export async function firstHour(kept: Artefacts) {
  const lab = await makeLab(kept);
  const { validator, pebble, settings } = await startAuthority(kept, lab, 60 * day);
  const backups = await startDavStore(kept, lab);
  const box = await lab.box('box', lab.owner, settings);
  const provider = new Provider(lab, box.host);
  await lab.zone.withdraw([
    `${hostname}. A ${box.host}`,
    `${domain}. MX 10 ${hostname}.`,
    provider.reverseName,
  ]);
  await provider.shutPort25();
  await box.start();
  const said = await box.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error} (${said.hint})`);
  await trustClients(box);
  // A real box has the authorities of the world; of the lab's it is told.
  const authorities = `${await pebble.root()}\n${readFileSync(lab.ca.pair.certificate, 'utf8')}`;
  await box.run('cat >>/etc/ssl/certs/ca-certificates.crt', authorities);
  const browser = kept.own(await Browser.of(box));
  const person = new PanelPerson(await browser.page());
  await person.page.setViewport({ width: 1280, height: 900 });
  return { box, person, owner: lab.owner, registrar: new Registrar(lab), provider, backups, validator };
}

/** Enters into the domain's parent zone what an owner types at its page. */
class Registrar {
  constructor(private readonly lab: Lab) {}

  /** `glue`: `NAME ADDRESS` each. */
  nameServers = (names: readonly string[], glue: readonly string[]) =>
    this.lab.zone.publish([
      ...names.map((name) => `${domain}. NS ${name}.`),
      ...glue.map((one) => one.replace(' ', '. A ')),
    ]);
  ds = (record: string) => this.lab.zone.publish([`${domain}. DS ${record}`]);
}

/** What the box tries mail out with, on the address that the lab gives its first mail server. */
const elsewhere = ['gmail.com. MX 10 mx.gmail.com.', 'mx.gmail.com. A 198.51.100.101'];

/** Where the machine is rented: names its address, and keeps port 25 out shut until it is asked. */
class Provider {
  readonly reverseName: string;

  constructor(
    private readonly lab: Lab,
    address: string,
  ) {
    this.reverseName = ptr(address, hostname);
  }

  setReverseName = () => this.lab.zone.publish([this.reverseName]);
  takeReverseName = () => this.lab.zone.withdraw([this.reverseName]);

  /** As a provider's firewall that drops: the other server has a name, and no packet comes back from it. */
  shutPort25 = () => this.lab.zone.publish(elsewhere);
  async openPort25(): Promise<void> {
    await this.lab.zone.withdraw(elsewhere);
    await this.lab.mta({ domain: 'gmail.com', tls: 'none' });
  }
}

/** Apache's WebDAV; its user must come to the files, so that they lie outside of the artefacts. */
async function startDavStore(kept: Artefacts, { outside, zone, ca }: Lab) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-store-'));
  chmodSync(folder, 0o755);
  const pair = await ca.issue([store.host]);
  await zone.publish([`${store.host}. A ${outsideAddress}`]);
  const place = { folder: path.join(folder, 'apache'), address: outsideAddress, port: store.port, pair };
  const argv = [...outside.prefix, ...(await davServerArgv(place))];
  const server = await startStore(place, argv);
  kept.own({
    stop: async () => {
      // It ends its own children then.
      server.kill('SIGTERM');
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
    explain: () => [],
  });
  return { target: `webdavs://${store.host}:${store.port}/box`, ...davLogin };
}
