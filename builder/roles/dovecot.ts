/** IMAP and POP3 over TLS, local delivery by LMTP, and the password check that Postfix uses too. */
import type { Release } from '../../releases/release.ts';
import { isAtLeast, known, type Setting } from './dialect.ts';
import {
  doorPorts,
  imapDoorPort,
  loopbackDoor,
  sieveDoorPort,
  webmailImap,
  webmailImapPort,
} from './loopback-doors.ts';
import type { Role, TemplateValues } from './role.ts';
import {
  cipherString,
  dhFile,
  offeredGroups,
  offeredVersions,
  policyOf,
  type TlsPolicy,
} from './tls/policy.ts';

export const dovecot: Role = {
  name: 'dovecot',
  summary: 'mailboxes over IMAPS and POP3S, and delivery into them',
  plan: (config, release) => ({
    ports: [
      { port: 993, protocol: 'tcp', name: 'imaps', public: true },
      { port: 995, protocol: 'tcp', name: 'pop3s', public: true },
      { port: 4190, protocol: 'tcp', name: 'sieve', public: true },
      { port: 10026, protocol: 'tcp', name: 'lmtp', public: false },
      { port: 12340, protocol: 'tcp', name: 'quota-status', public: false },
      ...doorPorts('dovecot', config, release),
      ...webmailImap(config, release).map((door) => ({
        ...door,
        protocol: 'tcp' as const,
        public: false,
      })),
    ],
    values: {
      messageSizeLimit: config.mail.messageSizeLimit,
      tlsSettings: tlsSettings(policyOf(config), release),
      imapDoors: loopbackDoor([imapDoorPort, webmailImapPort], config, release),
      webmailImap: webmailImap(config, release),
      webmailImapPort,
      sieveDoor: loopbackDoor([sieveDoorPort], config, release),
      ...olderWays(release.versions.dovecot),
    },
  }),
};

/** What versions before 2.4 do in more than one way; since then all is written anew, in files of its own. */
function olderWays(version: string): TemplateValues {
  if (isAtLeast(version, '2.4')) return {};
  return {
    // Before, the policy service counts the announced size, and quota_grace is LMTP's alone.
    graceAtTheDoor: isAtLeast(version, '2.2.10'),
    // Before 2.3 sendmail_path is the name of a program and nothing more.
    sendmailTakesArguments: isAtLeast(version, '2.3'),
  };
}

const tls12 = '/etc/dovecot/openssl-tls12.cnf';

/** The policy in the dialect of the release's Dovecot: 2.3 and 2.4 changed the names. */
function tlsSettings(policy: TlsPolicy, release: Release): Setting[] {
  const { mail } = policy;
  const versions = offeredVersions(mail, release);
  const ciphers = { name: 'ssl_cipher_list', value: cipherString(mail, release) };
  const { dovecot: version } = release.versions;
  const order = known(version, [
    { since: '2.2.6', until: '2.4', name: 'ssl_prefer_server_ciphers', value: 'yes' },
    { since: '2.4', name: 'ssl_server_prefer_ciphers', value: 'server' },
  ]);
  if (!isAtLeast(version, '2.3')) {
    const refused = release.tlsVersions.filter((version) => !versions.includes(version));
    return [
      {
        name: 'ssl_protocols',
        value: ['SSLv2', 'SSLv3', ...refused].map((version) => `!${version}`).join(' '),
      },
      ciphers,
      ...order,
      // 2.2 can't be given a file, and nobody logs in until it has made one itself: the bake does (dovecot-dh).
      { name: 'ssl_dh_parameters_length', value: '2048' },
    ];
  }
  return [
    { name: 'ssl_min_protocol', value: versions[0] ?? mail.oldest },
    ciphers,
    ...order,
    ...known(version, [
      { since: '2.3', until: '2.4', name: 'ssl_dh', value: `<${dhFile}` },
      { since: '2.4', name: 'ssl_server_dh_file', value: dhFile },
    ]),
    { name: 'ssl_curve_list', value: offeredGroups(policy, release).join(':') },
    // Each connection has a process of its own and each process its own ticket key: no ticket could be redeemed.
    { name: 'ssl_options', value: 'no_ticket' },
    // Dovecot has no setting for the newest version, but OpenSSL's own configuration has.
    ...(versions.at(-1) === 'TLSv1.2' && release.tlsVersions.at(-1) !== 'TLSv1.2'
      ? known(version, [
          {
            since: '2.3',
            until: '2.4',
            name: 'import_environment',
            value: `TZ CORE_OUTOFMEM CORE_ERROR PATH OPENSSL_CONF=${tls12}`,
          },
          { since: '2.4', name: 'import_environment/OPENSSL_CONF', value: tls12 },
        ])
      : []),
  ];
}
