/** The texts of MTA-STS, also as an enemy would write them. */
import test from 'ava';
import fc from 'fast-check';
import { announcedId, matchOf, parsePolicy } from '../../../../box/outbound-tls/mta-sts-text.ts';

test('a policy is announced by one good record', (t) => {
  t.is(announcedId(['v=STSv1; id=20160831085700Z;']), '20160831085700Z');
  t.is(announcedId(['v=STSv1;id=1', 'some other text']), '1');
  t.is(announcedId(['v=STSv1 ; extra=x; id=1;']), '1');
  for (const bad of [
    [],
    ['v=STSv1'],
    ['v=STSv1;'],
    ['v=STSv1; id='],
    ['v=STSv1; id=a-b'],
    ['v=STSv2; id=1'],
    [' v=STSv1; id=1'],
    [`v=STSv1; id=${'x'.repeat(33)}`],
    ['v=STSv1; id=1', 'v=STSv1; id=1'],
  ])
    t.is(announcedId(bad), undefined, JSON.stringify(bad));
});

const policyText =
  'version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n';

test('a policy is read to the letter', (t) => {
  const policy = { mode: 'enforce', mx: ['mail.example.com', '*.example.net'], maxAge: 604800 } as const;
  t.deepEqual(parsePolicy(policyText), policy);
  t.deepEqual(parsePolicy(policyText.replaceAll('\n', '\r\n')), policy);
  t.deepEqual(parsePolicy(policyText.trimEnd()), policy);
  t.deepEqual(parsePolicy(`${policyText}later: \u00e4 thing\n`), policy);
  t.deepEqual(parsePolicy(policyText.replace('mail.example.com', 'MAIL.Example.com')), policy);
  t.deepEqual(parsePolicy(`${policyText}mode: none\n`), policy, 'the first of a name counts');
  t.is(parsePolicy(policyText.replace('604800', '9999999999'))?.maxAge, 31_557_600);
  t.deepEqual(parsePolicy('version: STSv1\nmode: none\nmax_age: 0\n'), { mode: 'none', mx: [], maxAge: 0 });
});

test('what is not a policy to the letter is none', (t) => {
  const changes: readonly [string, string][] = [
    ['version: STSv1', 'version: STSv2'],
    ['version: STSv1\n', ''],
    ['mode: enforce', 'mode: Enforce'],
    ['mode: enforce\n', ''],
    ['max_age: 604800', 'max_age: -1'],
    ['max_age: 604800', 'max_age: 1e9'],
    ['max_age: 604800\n', ''],
    ['mx: mail.example.com\nmx: *.example.net\n', ''],
    ['mx: mail.example.com', 'mx mail.example.com'],
    ['mail.example.com', '*'],
    ['mail.example.com', '*.*.example.com'],
    ['mail.example.com', 'mail.*.com'],
    ['mail.example.com', ''],
    ['mail.example.com', 'a:b'],
    ['mail.example.com', 'mail.example.com servername=evil.example'],
    ['mail.example.com', 'mail.example.com,may'],
    ['mail.example.com', 'mäil.example.com'],
    ['mail.example.com', `${'a'.repeat(64)}.example.com`],
    ['mx: mail.example.com', ' mx: mail.example.com'],
    ['mx: mail.example.com\n', 'mx: mail.example.com\n'.repeat(300)],
  ];
  for (const [from, to] of changes) {
    t.true(policyText.includes(from));
    t.is(parsePolicy(policyText.replace(from, to)), undefined, `${from} -> ${to}`);
  }
  for (const text of ['', '\0', '<html></html>', 'null', '\r\r\n', policyText.replaceAll('\n', '\r')])
    t.is(parsePolicy(text), undefined, JSON.stringify(text));
});

test('whatever a server sends, nothing but host names can reach Postfix', (t) => {
  const words = fc.constantFrom(
    'version: STSv1',
    'mode: enforce',
    'max_age: 1',
    'mx: ',
    'a.example',
    '*.',
    ' ',
    ':',
    '\n',
    '\r\n',
    '\0',
    'may',
    '=',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words).map((parts) => parts.join('')),
    fc.string().map((value) => policyText.replace('mail.example.com', value)),
  );
  fc.assert(
    fc.property(text, (sent) => {
      const policy = parsePolicy(sent);
      if (policy !== undefined) t.regex(matchOf(policy.mx), /^[a-z0-9.:-]*$/);
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('patterns in Postfix’s words', (t) => {
  t.is(matchOf(['mail.example.com', '*.example.net', 'mail.example.com']), 'mail.example.com:.example.net');
});
