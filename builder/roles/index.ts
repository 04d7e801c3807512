/** Every role, by name. */
import type { RoleName } from '../../releases/release.ts';
import { backup } from './backup.ts';
import { box } from './box.ts';
import { calendar } from './calendar.ts';
import { chrony } from './chrony.ts';
import { contacts } from './contacts.ts';
import { dovecot } from './dovecot.ts';
import { fail2ban } from './fail2ban.ts';
import { firewall } from './firewall.ts';
import { groupware } from './groupware.ts';
import { nginx } from './nginx.ts';
import { nsd } from './nsd.ts';
import { opendkim } from './opendkim.ts';
import { opendmarc } from './opendmarc.ts';
import { outboundTls } from './outbound-tls.ts';
import { panel } from './panel.ts';
import { postfix } from './postfix.ts';
import { postgrey } from './postgrey.ts';
import { resolver } from './resolver.ts';
import type { Role } from './role.ts';
import { rsyslog } from './rsyslog.ts';
import { search } from './search.ts';
import { senders } from './senders.ts';
import { spamassassin } from './spamassassin.ts';
import { system } from './system.ts';
import { upgrades } from './upgrades.ts';
import { webmail } from './webmail.ts';

export const roles: Readonly<Record<RoleName, Role>> = {
  system,
  firewall,
  resolver,
  chrony,
  rsyslog,
  upgrades,
  nsd,
  opendkim,
  opendmarc,
  postgrey,
  dovecot,
  search,
  spamassassin,
  'outbound-tls': outboundTls,
  senders,
  postfix,
  panel,
  groupware,
  webmail,
  contacts,
  calendar,
  nginx,
  fail2ban,
  backup,
  box,
};
