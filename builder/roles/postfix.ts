/** The mail server: takes mail on port 25, sends people's mail from 587, and hands mail for accounts to Dovecot. */
import type { Release } from '../../releases/release.ts';
import { cipherString, type Offer, offeredVersions, type TlsPolicy, tlsPolicies } from '../tls-policy.ts';
import { isAtLeast, known, type Setting } from './dialect.ts';
import type { Role } from './role.ts';
import { tlsPolicyPort } from './tls-policy.ts';

export const postfix: Role = {
  name: 'postfix',
  summary: 'receives mail on port 25 and sends mail for accounts from port 587',
  plan: ({ mail, tls }, release) => ({
    ports: [
      { port: 25, protocol: 'tcp', name: 'smtpd', public: true },
      { port: 587, protocol: 'tcp', name: 'submission', public: true },
    ],
    values: {
      messageSizeLimit: mail.messageSizeLimit,
      tlsPolicyPort,
      tlsSettings: tlsSettings(tlsPolicies[tls.policy], release),
      newerSettings: known(release.versions.postfix, [
        // Without a level, Postfix 3 behaves like 2 and says so in the log at each start.
        { since: '3.0', name: 'compatibility_level', value: '3.6' },
        // Dovecot's LMTP doesn't take SMTPUTF8, so such a mail is better refused at the door.
        { since: '3.0', name: 'smtputf8_enable', value: 'no' },
        // SMTP smuggling: a mail ends with <CR><LF>.<CR><LF> and nothing else.
        { since: '3.7.10', name: 'smtpd_forbid_bare_newline', value: 'normalize' },
        { since: '3.7.6', name: 'smtpd_forbid_unauth_pipelining', value: 'yes' },
        // A policy server that is down must not stop the mail.
        { since: '3.0', name: 'smtpd_policy_service_default_action', value: 'DUNNO' },
        { since: '3.1', name: 'smtpd_client_auth_rate_limit', value: '60' },
      ]),
      hasPostlog: isAtLeast(release.versions.postfix, '3.4'),
    },
  }),
};

/**
 * Postfix names two grades. `high` serves where TLS is a must (submission in, DANE out), `medium` where it is
 * only tried (port 25 in and out); these are exactly the policy's `mail` and `exchange`.
 */
function tlsSettings({ mail, exchange, preferServerOrder }: TlsPolicy, release: Release): Setting[] {
  return [
    { name: 'tls_high_cipherlist', value: cipherString(mail, release) },
    { name: 'tls_medium_cipherlist', value: cipherString(exchange, release) },
    { name: 'tls_preempt_cipherlist', value: preferServerOrder ? 'yes' : 'no' },
    ...['smtpd', 'smtp', 'lmtp'].flatMap((side) => [
      { name: `${side}_tls_mandatory_protocols`, value: refusedProtocols(mail, release) },
      { name: `${side}_tls_mandatory_ciphers`, value: 'high' },
      { name: `${side}_tls_protocols`, value: refusedProtocols(exchange, release) },
      { name: `${side}_tls_ciphers`, value: 'medium' },
    ]),
  ];
}

/** `!SSLv2, !SSLv3, ...`: the form that Postfix 2 and 3 both read. */
function refusedProtocols(offer: Offer, release: Release): string {
  const offered = offeredVersions(offer, release);
  const refused = release.tlsVersions.filter((version) => !offered.includes(version));
  return ['SSLv2', 'SSLv3', ...refused].map((version) => `!${version}`).join(', ');
}
