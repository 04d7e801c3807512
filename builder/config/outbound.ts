/** The section `outbound:` of `box.yaml`: mail that leaves, and what others are told of theirs. */
import * as z from 'zod';
import { relayPasswordPattern, relayUsernamePattern } from '../../contract/settings.ts';
import { hostname, text } from './values.ts';

const relay = z.strictObject({
  host: hostname.describe('Its name, which its certificate must show.'),
  port: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(65535, 'must be at most 65535')
    .meta({ title: 'port', examples: [587] })
    .default(587)
    .describe('Its port for STARTTLS.'),
  username: text(
    'user name',
    relayUsernamePattern,
    'must be plain ASCII without blanks and colons',
    'box@example.com',
  ).describe('The log-in there.'),
  password: text(
    'password',
    relayPasswordPattern,
    'must be one line of plain ASCII, without a blank at either end',
    'a word of its own',
  ).describe(
    'Its password. The relay wants the password itself, so this one secret stands in the user-data; have the relay make one for the box alone.',
  ),
});

export const outbound = z.strictObject({
  from: z
    .enum(['strict', 'domain'])
    .default('strict')
    .describe(
      'What people may write as From: and Sender: of their mail. `strict`: an address that is theirs, or an alias that lets them. `domain`: any address of a domain in which they have one.',
    ),
  recipientsPerHour: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .meta({ title: 'number', examples: [500] })
    .default(500)
    .describe(
      'How many recipients one account may write to within an hour, from however many places: a stolen password sends no more. A mail to ten people counts ten times. The log names who came to it.',
    ),
  reports: z
    .boolean()
    .meta({ title: 'true or false', examples: [false] })
    .default(true)
    .describe(
      'Send other domains, once a day and by mail, the reports that their DNS asks for: how mail in their name fared here (DMARC), and how connections to them could be encrypted (TLSRPT). They hold numbers, domains and the addresses of mail servers. It goes into user-data and is not in the image.',
    ),
  relay: relay
    .optional()
    .describe(
      'A host that all mail out goes through, where a cloud blocks port 25. TLS with a valid certificate is demanded of it. It goes into user-data and is not in the image.',
    ),
});
