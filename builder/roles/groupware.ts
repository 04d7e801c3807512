/** Calendars, contacts and ActiveSync: the program that the release has for them, with its database on the storage root. */
import type { Image } from '../../contract/settings.ts';
import type { GroupwareName, Release } from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';
import { headerOptions } from './dialect.ts';
import { imapDoorPort, submissionDoorPort, usersOf } from './loopback-doors.ts';
import { hasRole, type Role, type TemplateValues } from './role.ts';

/** Where CalDAV and CardDAV are on loopback, without TLS: SOGo itself, or nginx before the box's own server. */
export const groupwarePort = 20000;

/** The box's own server of calendars and contacts. */
const sabrePath = '/dav/';

interface Software {
  /** What speaks at that port. */
  readonly port: string;
  readonly facts: (release: Release) => NonNullable<Image['groupware']>;
  readonly values: (config: Config, release: Release) => TemplateValues;
}

const softwares: Readonly<Record<GroupwareName, Software>> = {
  sogo: {
    port: 'sogo',
    facts: (release) => ({ davPath: '/SOGo/dav/', owner: 'postgres', postgresql: postgresqlOf(release) }),
    values: (config, release) => ({
      groupwarePort,
      messageSizeLimit: config.mail.messageSizeLimit,
      headerOptions: headerOptions(release),
      postgresql: postgresqlOf(release),
      webFiles: webFilesOf(release),
    }),
  },
  sabre: {
    port: 'dav',
    facts: () => ({ davPath: sabrePath, owner: 'box-groupware' }),
    values: (config, release) => ({
      groupwarePort,
      davPath: sabrePath,
      imapPort: imapDoorPort,
      submissionPort: submissionDoorPort,
      messageSizeLimit: config.mail.messageSizeLimit,
      headerOptions: headerOptions(release),
    }),
  },
};

const softwareOf = (release: Release): Software =>
  softwares[said(release, 'program', release.roles.groupware.software)];
const postgresqlOf = (release: Release) =>
  said(release, 'version of PostgreSQL', release.versions.postgresql);
const webFilesOf = (release: Release) => said(release, 'web files', release.roles.groupware.webFiles);

/** @throws where a release has the role, but not what goes with it: a mistake in `releases/` */
function said<T>({ name }: Release, what: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`releases/${name}.ts: the groupware has no ${what}`);
  return value;
}

/** What the box is told of it. */
export const groupwareFacts = (release: Release) => softwareOf(release).facts(release);

/** Who may ask for calendars and contacts on loopback, where anybody's password is enough to be asked for whom one likes. */
export const groupwareDoors = (config: Config, release: Release) =>
  hasRole('groupware', config, release)
    ? [{ port: groupwarePort, users: usersOf(['groupware', 'webmail'], config, release) }]
    : [];

export const groupware: Role = {
  name: 'groupware',
  summary: 'calendars and contacts by CalDAV and CardDAV, and ActiveSync for telephones',
  plan: (config, release) => {
    const { port, values } = softwareOf(release);
    return {
      ports: [{ port: groupwarePort, protocol: 'tcp', name: port, public: false }],
      values: values(config, release),
    };
  },
};
