/** What steps of the boot write, and whom they tell. */
import test from 'ava';
import { refreshesOf } from '../../../../box/init/runner.ts';
import { hostsText } from '../../../../box/init/steps/host-name.ts';
import { labText } from '../../../../box/init/steps/lab-resolver.ts';
import type { Step } from '../../../../box/init/steps/step.ts';

test('/etc/hosts keeps what else is in it', (t) => {
  t.is(
    hostsText('127.0.0.1 localhost\n127.0.1.1 old\n::1 ip6-localhost\n', 'box.example.com'),
    '127.0.0.1 localhost\n127.0.1.1 box.example.com box\n::1 ip6-localhost\n',
  );
  t.is(hostsText('', 'box.example.com'), '127.0.0.1 localhost\n127.0.1.1 box.example.com box\n');
});

test('the lab resolver without an anchor does not validate', (t) => {
  t.regex(labText({ rootHints: ['192.0.2.53'] }), /module-config: "iterator"/);
  t.notRegex(labText({ rootHints: ['192.0.2.53'], trustAnchor: '. DS 1 8 2 AB' }), /module-config/);
});

test('a service is told once, and by a restart if one step asks for that', (t) => {
  const step = (title: string, by: 'reload' | 'restart'): Step => ({
    title,
    done: async () => true,
    run: async () => {},
    refresh: [{ service: 'postfix', by }],
  });
  const steps = [step('a', 'reload'), step('b', 'restart'), step('c', 'reload')];
  const records = (...ran: string[]) =>
    ['a', 'b', 'c'].map((title) => ({
      title,
      seconds: 0,
      result: ran.includes(title) ? ('ran' as const) : ('done' as const),
    }));
  t.deepEqual(refreshesOf(steps, records()), []);
  t.deepEqual(refreshesOf(steps, records('a', 'b', 'c')), [{ service: 'postfix', by: 'restart' }]);
  t.deepEqual(refreshesOf(steps, records('c')), [{ service: 'postfix', by: 'reload' }]);
});
