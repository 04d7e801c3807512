/** The pages, in the order of the menu. One more page is one more file, and its line here. */
import type { FunctionComponent } from 'preact';
import type { Me } from '../../contract/api.ts';
import { Aliases } from './aliases.tsx';
import { Backups } from './backups.tsx';
import { Certificate } from './certificate.tsx';
import { Charts } from './charts.tsx';
import { Dns } from './dns.tsx';
import { Log } from './log.tsx';
import { MailGuide } from './mail-guide.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Status } from './status.tsx';
import { System } from './system.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';
import { WebSites } from './web-sites.tsx';

export interface Page {
  /** After the `#/` of its address. */
  readonly path: string;
  readonly title: string;
  readonly may: 'user' | 'admin';
  readonly view: FunctionComponent<{ me: Me }>;
}

export const pages: readonly Page[] = [
  { path: 'status', title: 'Status', may: 'admin', view: Status },
  { path: 'charts', title: 'Charts', may: 'admin', view: Charts },
  { path: 'log', title: 'Mail log', may: 'admin', view: Log },
  { path: 'users', title: 'Users', may: 'admin', view: Users },
  { path: 'aliases', title: 'Aliases', may: 'admin', view: Aliases },
  { path: 'dns', title: 'DNS', may: 'admin', view: Dns },
  { path: 'certificate', title: 'Certificate', may: 'admin', view: Certificate },
  { path: 'web-sites', title: 'Web sites', may: 'admin', view: WebSites },
  { path: 'mail-guide', title: 'Mail set-up', may: 'user', view: MailGuide },
  { path: 'second-factor', title: 'Second factor', may: 'admin', view: SecondFactor },
  { path: 'tokens', title: 'Tokens', may: 'admin', view: Tokens },
  { path: 'backups', title: 'Backups', may: 'admin', view: Backups },
  { path: 'system', title: 'System', may: 'admin', view: System },
];

export const pagesFor = ({ privileges }: Me) =>
  pages.filter(({ may }) => may === 'user' || privileges.includes('admin'));
