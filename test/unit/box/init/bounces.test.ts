/** Which reports leave the box: bounce-checks, a pcre_table(5), looks at the mail that a report is about. */
import test from 'ava';
import { unreportable } from '../../../../box/init/steps/verdicts.ts';

const { text } = unreportable('box.example.com');
const pattern = /^\/(.*)\/ {2}DISCARD /m.exec(text)?.[1] ?? 'none';
/** Postfix compares without regard to case, and a folded field as one text (header_checks(5)). */
const isDropped = (line: string) => new RegExp(pattern, 'is').test(line);

test('a report is dropped where our own verdict on the sender is anything but a pass', (t) => {
  for (const verdict of ['fail', 'softfail', 'neutral', 'none', 'temperror', 'permerror', 'passed'])
    t.true(
      isDropped(`Authentication-Results: box.example.com; spf=${verdict} smtp.mailfrom=a@b.example`),
      verdict,
    );
  t.true(isDropped('authentication-results: box.example.com;\n\tspf=fail'));
});

test('it is sent where the verdict is a pass, or another server’s, or about something else', (t) => {
  for (const line of [
    'Authentication-Results: box.example.com; spf=pass smtp.mailfrom=a@b.example',
    'Authentication-Results: box.example.com; spf=pass',
    'Authentication-Results: box.example.com; dkim=fail',
    'Authentication-Results: box.example.com; dmarc=fail (p=none dis=none) header.from=b.example',
    'Authentication-Results: mx.example.com; spf=fail',
    'Authentication-Results: boxxexample.com; spf=fail',
    'Authentication-Results: box.example.com.b.example; spf=fail',
    '> Authentication-Results: box.example.com; spf=fail',
    'Subject: Authentication-Results: box.example.com; spf=fail',
  ])
    t.false(isDropped(line), line);
});
