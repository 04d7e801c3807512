/** Reports of other mail servers, as the panel's page puts them. */
import test from 'ava';
import { dayName, dayTime, reasonsOfNone, stateOf, totals } from '../../../panel/words/reports.ts';

test('a day is the same day wherever it is read', (t) => {
  t.is(new Date(dayTime('2026-11-23') * 1000).toISOString(), '2026-11-23T12:00:00.000Z');
  t.regex(dayName(dayTime('2026-11-23')), /23/);
});

test('totals are over all days, and nothing is none', (t) => {
  const day = { day: '2026-11-23', proven: 4, unproven: 3, encrypted: 2, failed: 1 };
  t.deepEqual(totals([day, day]), { proven: 8, unproven: 6, encrypted: 4, failed: 2 });
  t.deepEqual(totals([]), { proven: 0, unproven: 0, encrypted: 0, failed: 0 });
  t.regex(reasonsOfNone('mail-reports@box.example.com'), /to mail-reports@box\.example\.com/);
});

test('strangers’ mail that is refused is as it should be, and the box’s own is not', (t) => {
  t.deepEqual(stateOf('passed', true), ['ok', 'Taken']);
  t.deepEqual(stateOf('refused', false), ['plain', 'Refused']);
  t.deepEqual(stateOf('refused', true), ['error', 'Refused']);
  t.deepEqual(stateOf('quarantined', false), ['plain', 'Put aside']);
  t.deepEqual(stateOf('taken', false), ['warning', 'Unproven']);
});
