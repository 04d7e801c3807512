/**
 * The verdicts of SPF and DMARC stand in a header that names this box: the spam filter weighs it, Dovecot's Sieve script
 * obeys it (/etc/dovecot/sieve/spam.sieve), and Postfix takes away one that came with the mail (RFC 8601, section 5).
 */
import type { File } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { filesStep } from './files-step.ts';

interface Verdict {
  readonly rule: string;
  /** A rule that takes the weight away where it fits too: of the box's, or SpamAssassin's own. */
  readonly unless?: string;
  /** Regular expression for what follows the box's name in Authentication-Results (RFC 8601). */
  readonly says: string;
  readonly score: string;
  readonly describe: string;
}

/**
 * Weights as in Mail-in-a-Box v75, where 5 is the threshold for spam, but for quarantine, which was 5. What is to end in
 * Spam does so by the Sieve script, whatever the sum; the weights are for people to read, and for programs that look at it.
 */
const verdicts: readonly Verdict[] = [
  { rule: 'DMARC_PASS', says: 'dmarc=pass', score: '-0.1', describe: 'The author domain stands by it' },
  { rule: 'DMARC_NONE', says: 'dmarc=none', score: '0.1', describe: 'The author domain says nothing' },
  {
    rule: 'DMARC_FAIL_NONE',
    says: 'dmarc=fail \\(p=none',
    score: '2.0',
    describe: 'The author domain disowns it, with policy none',
  },
  {
    rule: 'DMARC_FAIL_QUARANTINE',
    says: 'dmarc=fail \\(p=quarantine',
    score: '10.0',
    describe: 'The author domain disowns it, with policy quarantine',
  },
  {
    rule: 'DMARC_FAIL_REJECT',
    says: 'dmarc=fail \\(p=reject',
    score: '10.0',
    describe: 'The author domain disowns it, with policy reject',
  },
  {
    // OpenDMARC before 1.3 tells no policy, and looks at no SPF: it calls mail so whose domain stands by it with SPF alone.
    rule: 'DMARC_FAIL',
    unless: 'SPF_PASS',
    says: 'dmarc=fail header',
    score: '2.0',
    describe: 'The author domain disowns it, with a policy that was not told',
  },
  { rule: 'SPF_PASS', says: 'spf=pass', score: '-0.1', describe: 'The sender domain allows this server' },
  { rule: 'SPF_NONE', says: 'spf=none', score: '2.0', describe: 'The sender domain names no servers' },
  {
    rule: 'SPF_FAIL',
    // Forwarded mail: its author's domain stands by it with a signature.
    unless: 'BOX_DMARC_PASS',
    says: 'spf=fail',
    score: '5.0',
    describe: 'The sender domain forbids this server',
  },
];

/** SpamAssassin rules (Mail::SpamAssassin::Conf). */
export function spamVerdicts(hostname: string): File {
  const rules = verdicts.flatMap(({ rule, says, score, describe, unless }) => {
    const looksAt = `Authentication-Results =~ /^\\s*${quoted(hostname)};\\s*${says}\\b/m`;
    return [
      `header   ${unless === undefined ? '' : '__'}BOX_${rule} ${looksAt}`,
      ...(unless === undefined ? [] : [`meta     BOX_${rule} __BOX_${rule} && !${unless}`]),
      `describe BOX_${rule} ${describe}`,
      `score    BOX_${rule} ${score}`,
      '',
    ];
  });
  const text = ['# Verdicts of this box on SPF and DMARC (box init wrote this).', '', ...rules].join('\n');
  return { path: paths.spamVerdicts, mode: 0o644, text };
}

/**
 * pcre_table(5), for header_checks on port 25. RFC 8601 lets the box's name be quoted, follow comments, and be followed by
 * a version, and readers of the header are laxer still. So whatever names the box goes, and whatever doesn't begin as other
 * servers' headers do: a plain name, perhaps a version, perhaps a plain comment, a semicolon.
 */
export function forgedVerdicts(hostname: string): File {
  const text = [
    '# What a mail from outside says in place of this box (box init wrote this).',
    'if /^Authentication-Results[ \\t]*:/',
    `/${quoted(hostname)}/  IGNORE`,
    '# Decoded it could say anything.',
    '/=\\?/  IGNORE',
    '!/^Authentication-Results:\\s*[a-z0-9._-]+(\\s+[0-9]+)?(\\s*\\([^()"\\\\;]*\\))?\\s*;/  IGNORE',
    'endif',
    '# The first is nobody’s here; the second is the spam filter’s, which a large mail does not pass.',
    '/^Received-SPF[ \\t]*:/  IGNORE',
    '/^X-Spam-[^:]*:/  IGNORE',
    '',
  ].join('\n');
  return { path: paths.forgedVerdicts, mode: 0o644, text };
}

/**
 * pcre_table(5), for what the box reports to senders: the mail that a report is about has the verdict on its sender, and
 * where SPF does not speak for that address, somebody else's mail is not to reach it in a report of ours.
 */
export function unreportable(hostname: string): File {
  const text = [
    '# Reports go to senders whom SPF speaks for, and to people of this box (box init wrote this).',
    `/^Authentication-Results:\\s*${quoted(hostname)};\\s*spf=(?!pass\\b)/  DISCARD its sender may be forged`,
    '',
  ].join('\n');
  return { path: paths.unreportable, mode: 0o644, text };
}

/** A host name in a regular expression: the dot is the only character of it that means something there. */
const quoted = (hostname: string) => hostname.replaceAll('.', '\\.');

export const verdictsStep = filesStep(
  'verdicts on mail',
  async ({ settings: { hostname } }) => [
    spamVerdicts(hostname),
    forgedVerdicts(hostname),
    unreportable(hostname),
  ],
  {
    refresh: [
      { service: 'spampd', by: 'restart' },
      { service: 'postfix', by: 'reload' },
    ],
  },
);
