/** From OpenDMARC's history to rows of a report. */
import test from 'ava';
import { History, type Judged } from '../../../../../box/reports/sending/history.ts';
import { historyOf, yesterday } from './samples.ts';

function read(text: string): Judged[] {
  const mails: Judged[] = [];
  const history = new History((mail) => mails.push(mail));
  for (const line of text.split('\n')) history.line(line);
  return mails;
}

test('a mail of OpenDMARC 1.4: whose policy, from where, and how it was judged', (t) => {
  const [mail] = read(historyOf({ dkim: ['sender.example s1 0', 'list.example k 7'] }));
  t.deepEqual(mail, {
    time: yesterday,
    domain: 'sender.example',
    policy: { p: 'quarantine', sp: 'quarantine', adkim: 'r', aspf: 'r', pct: 100 },
    row: {
      address: '198.51.100.7',
      from: 'sender.example',
      envelope: 'sender.example',
      fate: 'none',
      local: false,
      dkim: true,
      spf: true,
      signatures: [
        { domain: 'sender.example', selector: 's1', result: 'pass' },
        { domain: 'list.example', selector: 'k', result: 'fail' },
      ],
      spfResult: 'pass',
    },
  });
});

test('what became of it: refused, held, put into Spam by the box although it was to be refused, or nothing', (t) => {
  const fails = { align: [5, 5] as const, dkim: [], spf: 7 };
  const fate = (it: object) => {
    const [mail] = read(historyOf({ ...fails, ...it }));
    return mail && [mail.row.fate, mail.row.local];
  };
  t.deepEqual(fate({ policy: 16, action: 0, p: 'r' }), ['reject', false]);
  t.deepEqual(fate({ policy: 16, action: 2, p: 'r' }), ['quarantine', true]);
  t.deepEqual(fate({ policy: 17, action: 2 }), ['quarantine', false]);
  t.deepEqual(fate({ policy: 17, action: 4 }), ['quarantine', false]);
  t.deepEqual(fate({ policy: 18, action: 2, p: 'n' }), ['none', false]);
  // It comes again, and counts then.
  t.is(fate({ policy: 16, action: 3 }), undefined);
});

test('IPv6, a bounce without a sender, SPF’s words, and a subdomain of whose organisation the policy is', (t) => {
  const [mail] = read(historyOf({ ip: '2001:DB8::7', mfrom: '', spf: 6, from: 'News.Sender.example.' }));
  t.like(mail, { domain: 'sender.example', row: { address: '2001:db8::7', from: 'news.sender.example' } });
  t.like(mail?.row, { envelope: '', spfResult: 'none' });
  for (const [number, word] of [
    [2, 'softfail'],
    [3, 'neutral'],
    [4, 'temperror'],
    [5, 'permerror'],
    [7, 'fail'],
    [-1, 'none'],
  ] as const)
    t.is(read(historyOf({ spf: number }))[0]?.row.spfResult, word);
});

test('who asks for no reports is not counted; nor is what is no domain, no address, or not whole', (t) => {
  t.deepEqual(read(historyOf({ rua: ['-'] })), []);
  t.deepEqual(read(historyOf({ from: 'a b<script>' })), []);
  t.deepEqual(read(historyOf({ pdomain: '../../etc/passwd' })), []);
  t.deepEqual(read(historyOf({ ip: 'UNKNOWN' })), []);
  t.deepEqual(read(historyOf().replace(/^received .*$/m, 'received soon')), []);
  // A power cut between two lines: what comes behind it is whole again.
  const cut = historyOf().slice(0, 200);
  t.is(read(`${cut}\n${historyOf()}`).length, 1);
  t.is(read('action 2\n').length, 0);
  t.is(read(`job x\n${'dkim a.example s 0\n'.repeat(100_000)}${historyOf()}`).length, 1);
});

test('a line that a stranger gets into it is not taken for the daemon’s own', (t) => {
  const forged = historyOf().replace('pct 100', 'from victim.example\nipaddr 203.0.113.1\npct 100');
  t.like(read(forged)[0]?.row, { from: 'sender.example', address: '198.51.100.7' });
});
