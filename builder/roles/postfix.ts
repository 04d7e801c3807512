/** The mail server: takes mail on port 25, sends people's mail from 465 and 587, and hands mail for accounts to Dovecot. */
import type { Release } from '../../releases/release.ts';
import { isAtLeast, known, type Setting } from './dialect.ts';
import { doorPorts, loopbackDoor, submissionDoorPort } from './loopback-doors.ts';
import { outboundTlsPort } from './outbound-tls.ts';
import type { Role } from './role.ts';
import {
  automaticPort,
  forwardedPort,
  redirectedPort,
  returnedPort,
  returnsPort,
  sendersPort,
} from './senders.ts';
import { spamFilterProcesses } from './spamassassin.ts';
import {
  cipherString,
  dhFile,
  offeredVersions,
  policyOf,
  sharedGroups,
  type TlsPolicy,
  type Versions,
} from './tls/policy.ts';

export const postfix: Role = {
  name: 'postfix',
  summary: 'receives mail on port 25 and sends mail for accounts from ports 465 and 587',
  plan: (config, release) => ({
    ports: [
      { port: 25, protocol: 'tcp', name: 'smtpd', public: true },
      { port: 465, protocol: 'tcp', name: 'submissions', public: true },
      { port: 587, protocol: 'tcp', name: 'submission', public: true },
      { port: forwardedPort, protocol: 'tcp', name: 'forwarded-mail', public: false },
      { port: returnedPort, protocol: 'tcp', name: 'returned-mail', public: false },
      { port: redirectedPort, protocol: 'tcp', name: 'redirected-mail', public: false },
      ...doorPorts('postfix', config, release),
    ],
    values: {
      messageSizeLimit: config.mail.messageSizeLimit,
      outboundTlsPort,
      sendersPort,
      returnsPort,
      forwardedPort,
      returnedPort,
      redirectedPort,
      guardedDoors: guardedDoors(release),
      passingDoors: [
        // DKIM first: whether the author's domain signed decides what its envelope may say.
        { port: forwardedPort, door: 'forwarded', milters: '$forwarded_milters' },
        { port: returnedPort, door: 'returned', milters: '$submission_milters' },
      ],
      spamFilterProcesses,
      tlsSettings: tlsSettings(policyOf(config), release),
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
      // Older lists of services (/etc/services) know port 465 as `smtps` alone; newer ones by both names.
      submissionServices: [
        { service: 'submission', logName: 'submission', tls: 'encrypt', implicitTls: 'no', isPlain: false },
        { service: 'smtps', logName: 'submissions', tls: 'encrypt', implicitTls: 'yes', isPlain: false },
        // For the box's own PHP: the same rules, no TLS, and the fence before it.
        ...loopbackDoor([submissionDoorPort], config, release).map(({ port }) => ({
          service: `127.0.0.1:${port}`,
          logName: 'submission-door',
          tls: 'none',
          implicitTls: 'no',
          isPlain: true,
        })),
      ],
      hasPostlog: isAtLeast(release.versions.postfix, '3.4'),
    },
  }),
};

/**
 * Who comes to the door of scripts says on whose behalf, so it is only there where Dovecot tells a script's owner. The fence lets
 * nobody else come.
 */
function guardedDoors({ versions }: Release): { port: number }[] {
  return isAtLeast(versions.dovecot, '2.3') ? [{ port: automaticPort }] : [];
}

/**
 * Postfix names two grades. `high` serves where TLS is a must (submission in, DANE out), `medium` where it is
 * only tried (port 25 in and out); these are exactly the policy's `mail` and `exchange`.
 */
function tlsSettings(policy: TlsPolicy, release: Release): Setting[] {
  const { mail, exchange, out } = policy;
  return [
    { name: 'tls_high_cipherlist', value: cipherString(mail, release) },
    { name: 'tls_medium_cipherlist', value: cipherString(exchange, release) },
    { name: 'tls_preempt_cipherlist', value: 'yes' },
    ...known(release.versions.postfix, [
      // Since then Postfix warns of it: OpenSSL itself has a group as long as the key is.
      { since: '2.2', until: '3.9', name: 'smtpd_tls_dh1024_param_file', value: dhFile },
      // Of both sides; to the server's a share is nothing.
      { since: '3.2', name: 'tls_eecdh_auto_curves', value: sharedGroups(policy, release).join(' ') },
      // With TLS 1.3 it has groups of this kind by itself, of 3072 bits too.
      { since: '3.8', name: 'tls_ffdhe_auto_groups', value: '' },
    ]),
    ...sideSettings('smtpd', mail, exchange, release),
    ...sideSettings('smtp', out.demanded, out.tried, release),
  ];
}

function sideSettings(side: string, must: Versions, tried: Versions, release: Release): Setting[] {
  return [
    { name: `${side}_tls_mandatory_protocols`, value: refusedProtocols(must, release) },
    { name: `${side}_tls_mandatory_ciphers`, value: 'high' },
    { name: `${side}_tls_protocols`, value: refusedProtocols(tried, release) },
    { name: `${side}_tls_ciphers`, value: 'medium' },
  ];
}

/** `!SSLv2, !SSLv3, ...`: the form that Postfix 2 and 3 both read. */
function refusedProtocols(versions: Versions, release: Release): string {
  const offered = offeredVersions(versions, release);
  const refused = release.tlsVersions.filter((version) => !offered.includes(version));
  return ['SSLv2', 'SSLv3', ...refused].map((version) => `!${version}`).join(', ');
}
