/** What `box init` sees to at every boot, in order. */
import { accountsStep } from './accounts.ts';
import { allowListStep } from './allow-list.ts';
import { backupStep } from './backup.ts';
import { autoconfigStep, mailProfileStep } from './clients.ts';
import { copyStep, databasesStep } from './databases.ts';
import { dkimKeyStep, dkimTablesStep } from './dkim.ts';
import { dnssecKeysStep, dnsZonesStep } from './dns.ts';
import { doorKeyStep } from './door-key.ts';
import { groupwareStep } from './groupware.ts';
import { halfMadeStep } from './half-made.ts';
import { hostNameStep } from './host-name.ts';
import { keyChangeStep } from './key-change.ts';
import { labResolverStep } from './lab-resolver.ts';
import { relayStep } from './relay.ts';
import { restoreStep } from './restore.ts';
import { restoredStep } from './restored.ts';
import { rolloverStep } from './rollover.ts';
import { settingsStep } from './settings.ts';
import { sftpStep } from './sftp.ts';
import { srsSecretStep } from './srs-secret.ts';
import { sshHostKeysStep } from './ssh-host-keys.ts';
import { stateFormatStep } from './state-format.ts';
import type { Step } from './step.ts';
import { storageStep } from './storage.ts';
import { timeZoneStep } from './time-zone.ts';
import { certificateStep, tlsKeyStep } from './tls.ts';
import { verdictsStep } from './verdicts.ts';
import { volumeStep } from './volume.ts';
import { webPagesStep } from './web-pages.ts';
import { webSitesStep } from './web-sites.ts';
import { webmailStep } from './webmail.ts';

export const steps: readonly Step[] = [
  settingsStep,
  restoreStep,
  restoredStep,
  volumeStep,
  stateFormatStep,
  storageStep,
  groupwareStep,
  hostNameStep,
  sshHostKeysStep,
  timeZoneStep,
  keyChangeStep,
  tlsKeyStep,
  certificateStep,
  rolloverStep,
  dkimKeyStep,
  halfMadeStep,
  databasesStep,
  accountsStep,
  dkimTablesStep,
  verdictsStep,
  srsSecretStep,
  relayStep,
  webmailStep,
  doorKeyStep,
  dnssecKeysStep,
  dnsZonesStep,
  labResolverStep,
  allowListStep,
  autoconfigStep,
  mailProfileStep,
  webPagesStep,
  webSitesStep,
  sftpStep,
  backupStep,
  copyStep,
];
