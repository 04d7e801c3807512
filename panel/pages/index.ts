/** The pages, in the menu's order. One more page is one more file, its line here, its name in the contract, and its title in each language. */
import type { FunctionComponent } from 'preact';
import type { Me, PanelPage } from '../../contract/api.ts';
import { words } from '../words/spoken.ts';
import { Account } from './account.tsx';
import { Aliases } from './aliases.tsx';
import { Backups } from './backups.tsx';
import { Certificate } from './certificate.tsx';
import { Charts } from './charts.tsx';
import { Dns } from './dns.tsx';
import { FirstStepsPage } from './first-steps.tsx';
import { Log } from './log.tsx';
import { MailGuide } from './mail-guide.tsx';
import { Reports } from './reports.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Status } from './status.tsx';
import { System } from './system.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';
import { WebSites } from './web-sites.tsx';

export interface Page {
  /** After the `#/` of its address. */
  readonly path: PanelPage;
  readonly title: string;
  readonly may: 'user' | 'admin';
  readonly view: FunctionComponent<{ me: Me; stepsLeft: (are: boolean) => void }>;
}

const views: Readonly<Record<PanelPage, Pick<Page, 'may' | 'view'>>> = {
  'first-steps': { may: 'admin', view: FirstStepsPage },
  status: { may: 'admin', view: Status },
  charts: { may: 'admin', view: Charts },
  log: { may: 'admin', view: Log },
  reports: { may: 'admin', view: Reports },
  users: { may: 'admin', view: Users },
  aliases: { may: 'admin', view: Aliases },
  dns: { may: 'admin', view: Dns },
  certificate: { may: 'admin', view: Certificate },
  'web-sites': { may: 'admin', view: WebSites },
  'mail-guide': { may: 'admin', view: MailGuide },
  account: { may: 'user', view: Account },
  'second-factor': { may: 'user', view: SecondFactor },
  tokens: { may: 'admin', view: Tokens },
  backups: { may: 'admin', view: Backups },
  system: { may: 'admin', view: System },
};

export const pagesFor = ({ privileges }: Me): readonly Page[] =>
  (Object.keys(views) as PanelPage[])
    .map((path) => ({ path, title: words().titles[path], ...views[path] }))
    .filter(({ may }) => may === 'user' || privileges.includes('admin'));
