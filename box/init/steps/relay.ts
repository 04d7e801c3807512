/** The relay host that all mail out goes through, where the settings name one: the lookups that Postfix has for it. */
import type { Settings } from '../../../contract/settings.ts';
import type { File } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { filesStep } from './files-step.ts';

/** Three files of Postfix; without a relay host they hold a comment only, as in the image. */
export function relayFiles(relay: Settings['relay']): File[] {
  // The brackets: this very host, not the MX of a domain (RFC 5321 knows no other).
  const nextHop = relay === undefined ? '' : `[${relay.host}]:${relay.port}`;
  const line = (text: string) => (relay === undefined ? '' : `${text}\n`);
  return [
    {
      path: paths.relayHost,
      mode: 0o644,
      text: `# pcre_table(5): where all mail out goes. Written by \`box init\`.\n${line(`/^/ ${nextHop}`)}`,
    },
    {
      path: paths.relayPassword,
      mode: 0o600,
      text: `# The log-in at the relay host, for root alone. Written by \`box init\`.\n${line(`${nextHop} ${relay?.username}:${relay?.password}`)}`,
    },
    {
      path: paths.relayTlsPolicy,
      mode: 0o644,
      text: `# smtp_tls_policy_maps: the relay host must show a valid certificate. Written by \`box init\`.\n${line(`${nextHop} secure match=${relay?.host}`)}`,
    },
  ];
}

export const relayStep = filesStep('relay host', async ({ settings }) => relayFiles(settings.relay), {
  refresh: [{ service: 'postfix', by: 'reload' }],
});
