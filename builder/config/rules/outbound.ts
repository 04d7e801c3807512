/** Rules about mail out. */
import { type Rule, when } from './rule.ts';

export const outboundRules: readonly Rule[] = [
  {
    name: 'a relay host is spoken to by STARTTLS',
    holds: '`outbound.relay.port` is not 465: Postfix 2.11 has STARTTLS only.',
    reads: ['outbound.relay.port'],
    check: ({ outbound: { relay } }) =>
      when(
        relay?.port === 465,
        ['outbound', 'relay', 'port'],
        'must be a port with STARTTLS; 465 has TLS from the first byte, which not every release can speak',
        'write 587, which every relay of this kind has too',
      ),
  },
  {
    name: 'a box is not its own relay host',
    holds: '`outbound.relay.host` is not `box.hostname`.',
    reads: ['outbound.relay.host', 'box.hostname'],
    check: ({ outbound: { relay }, box }) =>
      when(
        relay?.host === box.hostname,
        ['outbound', 'relay', 'host'],
        "is the box's own name, so that mail would go in a circle",
        "write your provider's relay host, or remove outbound.relay",
      ),
  },
];
