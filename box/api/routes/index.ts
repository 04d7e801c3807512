/** The closed list of what can be asked of a box over HTTP. */
import type { Route } from '../route.ts';
import { appPasswordRoutes } from './app-passwords.ts';
import { backupRoutes } from './backup.ts';
import { backupKeyRoutes } from './backup-key.ts';
import { backupMailRoutes } from './backup-mail.ts';
import { dnsRoutes } from './dns.ts';
import { dnsCustomRoutes } from './dns-custom.ts';
import { firstStepsRoutes } from './first-steps.ts';
import { logInRoutes } from './log-in.ts';
import { mailAliasRoutes } from './mail-aliases.ts';
import { mailLogRoutes } from './mail-log.ts';
import { mailUserRoutes } from './mail-users.ts';
import { mfaRoutes } from './mfa.ts';
import { ownAccountRoutes } from './own-account.ts';
import { reportsRoutes } from './reports.ts';
import { sslRoutes } from './ssl.ts';
import { systemRoutes } from './system.ts';
import { tokenRoutes } from './tokens.ts';
import { upkeepRoutes } from './upkeep.ts';
import { webRoutes } from './web.ts';

export const routes: readonly Route[] = [
  ...logInRoutes,
  ...ownAccountRoutes,
  ...appPasswordRoutes,
  ...mailUserRoutes,
  ...mailAliasRoutes,
  ...mailLogRoutes,
  ...dnsRoutes,
  ...dnsCustomRoutes,
  ...sslRoutes,
  ...mfaRoutes,
  ...webRoutes,
  ...systemRoutes,
  ...firstStepsRoutes,
  ...reportsRoutes,
  ...upkeepRoutes,
  ...backupRoutes,
  ...backupKeyRoutes,
  ...backupMailRoutes,
  ...tokenRoutes,
];
