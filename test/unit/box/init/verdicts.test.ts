/** What Postfix takes out of mail from outside, by the table that `box init` writes, as pcre_table(5) reads it. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { forgedVerdicts, spamVerdicts } from '../../../../box/init/steps/verdicts.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { releases } from '../../../../releases/index.ts';

const name = 'box.example.com';

/** Whether the table drops a header field: patterns know neither case nor the ends of lines. */
function isDropped(field: string, table = forgedVerdicts(name).text): boolean {
  let skips = false;
  for (const line of table.split('\n')) {
    const [, word = '', not = '', pattern = ''] = /^(if )?(!?)\/(.*)\/(?: {2}IGNORE)?$/.exec(line) ?? [];
    if (line === 'endif') skips = false;
    else if (pattern !== '' && !skips) {
      const fits = new RegExp(pattern, 'is').test(field) !== (not === '!');
      if (word !== '') skips = !fits;
      else if (fits) return true;
    }
  }
  return false;
}

test('a verdict that names the box is dropped, in whatever way it is written', (t) => {
  for (const value of [
    ` ${name}; dmarc=pass`,
    `${name.toUpperCase()}; dmarc=pass`,
    ` ${name} 1; dmarc=pass`,
    ` ${name}.; dmarc=pass`,
    `\n\t${name};\n\tdmarc=pass`,
    ` "${name}"; dmarc=pass`,
    ' "b\\ox.example.com"; dmarc=pass',
    ` (comment) ${name}; dmarc=pass`,
    ` (a (b; c)) "${name}" (;) 1; dmarc=pass`,
    ` mx.other.example (${name}); dmarc=pass`,
    ' box(comment).example.com; dmarc=pass',
    ' =?utf-8?q?box=2Eexample=2Ecom=3B?= dmarc=pass',
    ' mx.other.example; a=b =?utf-8?q?=0Abox=2Eexample=2Ecom=3B?= dmarc=pass',
    ' bücher.example; dmarc=pass',
    ' dmarc=pass',
    '',
  ])
    for (const field of ['Authentication-Results:', 'AUTHENTICATION-RESULTS \t:'])
      t.true(isDropped(field + value), field + value);
});

test('what another server plainly says stays, and every other field', (t) => {
  for (const field of [
    'Authentication-Results: mx.google.com;\n       dkim=pass header.i=@a.example header.s=s;\n       spf=pass (a: b) smtp.mailfrom=a@a.example',
    'Authentication-Results: mail.other.example (amavisd-new); dkim=pass (1024-bit key) header.d=a.example',
    'Authentication-Results: other.example 1; none',
    'Authentication-Results: notbox-example.com; none',
    'ARC-Authentication-Results: i=1; mx.other.example; dkim=pass',
    `Subject: Authentication-Results: ${name}; dmarc=pass`,
    `Received: from ${name} by mx.other.example; Sat, 28 Nov 2026 14:00:00 +0000`,
    'X-Spammer: no',
  ])
    t.false(isDropped(field), field);
});

test('what only the box’s own filter may say is dropped', (t) => {
  for (const field of ['Received-SPF: pass', 'received-spf : pass', 'X-Spam-Status: No', 'X-SPAM-FLAG: NO'])
    t.true(isDropped(field), field);
});

test('a header of a million letters is read once', (t) => {
  // Whoever looked at each place again at every other would be ended as one that hangs.
  for (const filling of [' ', 'a', '(', '" ', 'box.', ' 1'])
    t.is(typeof isDropped(`Authentication-Results: mx${filling.repeat(1_000_000)}`), 'boolean');
});

test('SPF that fails weighs nothing where the author’s domain stands by the mail', (t) => {
  const { text } = spamVerdicts(name);
  t.regex(text, /^meta {5}BOX_SPF_FAIL __BOX_SPF_FAIL && !BOX_DMARC_PASS$/m);
  t.regex(
    text,
    /^header {3}__BOX_SPF_FAIL Authentication-Results =~ \/\^\\s\*box\\\.example\\\.com;\\s\*spf=fail\\b\/m$/m,
  );
});

test('a failure of DMARC whose policy was not told weighs only where SPF does not stand by the mail either', (t) => {
  const { text } = spamVerdicts(name);
  t.regex(text, /^meta {5}BOX_DMARC_FAIL __BOX_DMARC_FAIL && !SPF_PASS$/m);
  const [, says = ''] = /^header {3}__BOX_DMARC_FAIL Authentication-Results =~ \/(.*)\/m$/m.exec(text) ?? [];
  const fits = (value: string) => new RegExp(says, 'm').test(value);
  t.true(fits(` ${name}; dmarc=fail header.from=sender.example`), 'OpenDMARC 1.2');
  t.false(
    fits(` ${name}; dmarc=fail (p=reject dis=none) header.from=sender.example`),
    'which has a weight of its own',
  );
  t.false(fits(` ${name}; dmarc=pass header.from=sender.example`));
});

for (const release of releases.keys())
  test(`${release}: every mail from outside is read by this table, which comes before the milters`, (t) => {
    const services = readFileSync(`test/golden/${release}/expected/root/etc/postfix/master.cf`, 'utf8').split(
      /\n(?=\S)/,
    );
    const from = (name: string) => services.find((service) => service.startsWith(`${name} `)) ?? '';
    t.regex(from('smtp'), / smtpd\b[\s\S]*-o cleanup_service_name=inbound-cleanup$/m);
    t.regex(from('inbound-cleanup'), new RegExp(`-o header_checks=pcre:${paths.forgedVerdicts}$`, 'm'));
  });
