/** The plan: everything an image will hold and everything one box is told at boot, as one printable value. */
import { cloudOf, clouds } from '../../clouds/index.ts';
import type { KnownCloud } from '../../contract/clouds.ts';
import { type Image, publicPorts, type Settings } from '../../contract/settings.ts';
import { type Argv, type Download, type Release, type RoleName, roleNames } from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';
import { groupwareFacts } from '../roles/groupware.ts';
import { roles } from '../roles/index.ts';
import { hasRole, type TemplateValue } from '../roles/role.ts';
import { version } from '../version.ts';
import { type Archives, archivesOf } from './archives.ts';
import type { PlanFile } from './file.ts';
import { overlayFiles } from './overlay.ts';

export interface Plan {
  readonly name: string;
  readonly release: string;
  readonly roles: readonly RoleName[];
  /** Sorted, each once. */
  readonly packages: readonly string[];
  readonly downloads: readonly Download[];
  readonly archives: Archives;
  /** Sorted by path. */
  readonly files: readonly PlanFile[];
  readonly verify: readonly { readonly role: RoleName; readonly argv: Argv }[];
  readonly earlyServices: readonly string[];
  readonly image: Image;
  /** Lifetime *boot*: goes into user-data, never into the image. */
  readonly settings: Settings;
  readonly sshKeys: readonly string[];
}

/** Decides everything. Pure but for reading the project's own overlay files. */
export function makePlan(config: Config, release: Release): Plan {
  const names = roleNames.filter((name) => hasRole(name, config, release));
  const planned = names.map((name) => ({
    name,
    parts: release.roles[name],
    ...roles[name].plan(config, release),
  }));
  // Of the services of a role the last one answers: those before it are what it needs.
  const ports = planned.flatMap(({ name, parts, ports: own }) => {
    const service = parts.services.at(-1) ?? parts.earlyServices[0];
    return own.map((port) => ({ ...port, role: name, ...(service === undefined ? {} : { service }) }));
  });
  const image: Image = {
    format: 1,
    name: config.name,
    version,
    release: release.name,
    roles: names,
    ...(names.includes('groupware') ? { groupware: groupwareFacts(release) } : {}),
    ...(config.image.updates === undefined ? {} : { updates: config.image.updates }),
    services: planned.flatMap((role) => role.parts.services),
    servicesWaitForInit: release.servicesWaitForInit,
    ports,
    commands: mutable(release.commands),
  };
  // What a role can't know by itself, since it is the sum of all roles; only the roles that declare a hole get it.
  const shared: Record<string, TemplateValue> = {
    services: image.services,
    publicTcpPorts: publicPorts(image, 'tcp'),
    publicUdpPorts: publicPorts(image, 'udp'),
  };
  const files = planned.flatMap((role) =>
    overlayFiles(
      role.name,
      release.overlays,
      { ...pick(shared, roles[role.name].shared ?? []), ...role.values },
      { software: role.parts.software },
    ),
  );
  files.push(jsonFile('/usr/lib/box/image.json', image), jsonFile('/usr/lib/box/clouds.json', knownClouds()));
  return {
    name: config.name,
    release: release.name,
    roles: names,
    packages: [
      ...new Set([
        ...release.packages,
        ...(cloudOf(config.cloud).packages?.[release.name] ?? []),
        ...planned.flatMap((role) => role.parts.packages),
      ]),
    ].sort(),
    downloads: planned.flatMap((role) => role.parts.downloads ?? []),
    archives: archivesOf(config, release),
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    verify: planned.flatMap((role) => role.parts.verify.map((argv) => ({ role: role.name, argv }))),
    earlyServices: planned.flatMap((role) => role.parts.earlyServices),
    image,
    settings: settingsOf(config),
    sshKeys: config.box.sshKeys,
  };
}

/** The plan as it may be shown: a relay's password is the one secret in it. */
export function withoutPassword(plan: Plan): Plan {
  const { relay } = plan.settings;
  if (relay === undefined) return plan;
  return { ...plan, settings: { ...plan.settings, relay: { ...relay, password: '(not shown)' } } };
}

function settingsOf({ box, outbound, dns, acme, bruteForce, web }: Config): Settings {
  return {
    format: 1,
    hostname: box.hostname,
    admin: {
      email: box.admin.email,
      ...(box.admin.passwordHash === undefined ? {} : { passwordHash: box.admin.passwordHash }),
    },
    timezone: box.timezone,
    ...(box.publicIpv4 === undefined ? {} : { publicIpv4: box.publicIpv4 }),
    ...(box.publicIpv6 === undefined ? {} : { publicIpv6: box.publicIpv6 }),
    storage: box.storage.device === undefined ? {} : { device: box.storage.device },
    ...(box.restore === undefined ? {} : { restore: restoreSettings(box.restore) }),
    ...(outbound.relay === undefined ? {} : { relay: outbound.relay }),
    ...(outbound.reports ? {} : { reports: false as const }),
    ...dnsSettings(dns),
    ...acmeSettings(acme),
    ...(bruteForce.allow.length === 0 ? {} : { bruteForce }),
    ...(web.sftpKeys.length === 0 ? {} : { web }),
  };
}

function restoreSettings({ from, hostKey, time }: NonNullable<Config['box']['restore']>) {
  return {
    from,
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(time === undefined ? {} : { time }),
  };
}

/** Nothing where all is as usual. */
function dnsSettings({ mode, algorithm, external }: Config['dns']): Pick<Settings, 'dns'> {
  const dns = {
    ...(mode === 'own' ? {} : { mode }),
    ...(algorithm === 'ECDSAP256SHA256' ? {} : { algorithm }),
    ...(external.length === 0 ? {} : { external }),
  };
  return Object.keys(dns).length === 0 ? {} : { dns };
}

function acmeSettings({ enabled, directory, email, challenge }: Config['acme']): Pick<Settings, 'acme'> {
  if (!enabled) return {};
  const acme = {
    ...(directory === undefined ? {} : { directory }),
    ...(email === undefined ? {} : { email }),
    ...(challenge === 'http-01' ? {} : { challenge }),
  };
  return { acme };
}

/** An image may be launched anywhere, whatever the config calls its cloud. */
export function knownClouds(): KnownCloud[] {
  return clouds.flatMap(({ title, firmware, port25 }) =>
    firmware === undefined ? [] : [{ title, firmware: { ...firmware }, port25 }],
  );
}

function jsonFile(path: string, value: unknown): PlanFile {
  return {
    path,
    mode: '0644',
    owner: 'root',
    group: 'root',
    text: `${JSON.stringify(value, null, 2)}\n`,
    from: 'builder/plan/plan.ts',
  };
}

function pick(from: Record<string, TemplateValue>, names: readonly string[]): Record<string, TemplateValue> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

function mutable(commands: Release['commands']): Image['commands'] {
  return structuredClone(commands) as unknown as Image['commands'];
}
