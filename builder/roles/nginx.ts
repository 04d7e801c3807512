/** The web server: https with the TLS policy, http only to send people there. */
import { headerOptions, isAtLeast, known } from './dialect.ts';
import type { Role } from './role.ts';
import { cipherString, dhFile, offeredGroups, offeredVersions, policyOf } from './tls/policy.ts';

export const nginx: Role = {
  name: 'nginx',
  summary: 'https with HSTS, and a redirect from http',
  plan: (config, release) => {
    const policy = policyOf(config);
    const { web } = policy;
    const version = release.versions.nginx;
    return {
      ports: [
        { port: 80, protocol: 'tcp', name: 'http', public: true },
        { port: 443, protocol: 'tcp', name: 'https', public: true },
      ],
      values: {
        // nginx 1.4 has SPDY in its place, which no browser speaks any more.
        listenOptions: isAtLeast(version, '1.9.5') && !isAtLeast(version, '1.25.1') ? 'ssl http2' : 'ssl',
        // Since then it is a directive, and nginx warns of the option.
        listenSettings: known(version, [{ since: '1.25.1', name: 'http2', value: 'on' }]),
        redirectSettings: known(version, [{ since: '1.11.8', name: 'absolute_redirect', value: 'off' }]),
        headerOptions: headerOptions(release),
        tlsSettings: [
          { name: 'ssl_protocols', value: offeredVersions(web, release).join(' ') },
          { name: 'ssl_ciphers', value: `"${cipherString(web, release)}"` },
          { name: 'ssl_prefer_server_ciphers', value: 'on' },
          { name: 'ssl_dhparam', value: dhFile },
          // A ticket's key lives as long as the process and would undo forward secrecy.
          ...known(version, [
            { since: '1.5.9', name: 'ssl_session_tickets', value: 'off' },
            { since: '1.11.0', name: 'ssl_ecdh_curve', value: offeredGroups(policy, release).join(':') },
          ]),
        ],
      },
    };
  },
};
