/** What each page is called, in the menu, as its heading and wherever something leads there; in the menu's order. */
import type { PanelPage } from '../../contract/api.ts';

export const pageTitles: Readonly<Record<PanelPage, string>> = {
  'first-steps': 'First steps',
  status: 'Status',
  charts: 'Charts',
  log: 'Mail log',
  reports: 'Reports',
  users: 'Users',
  aliases: 'Aliases',
  dns: 'DNS',
  certificate: 'Certificate',
  'web-sites': 'Web sites',
  'mail-guide': 'Mail set-up',
  account: 'My account',
  'second-factor': 'Second factor',
  tokens: 'Tokens',
  backups: 'Backups',
  system: 'System',
};
