import test from 'ava';
import { InstallProgress } from '../../../../../builder/bake/base/install-progress.ts';

const fetching = (count: number) => `0 upgraded, ${count} newly installed, 0 to remove and 0 not upgraded.`;
const both = (name: string) => [`Unpacking ${name} (1.0) ...`, `Setting up ${name} (1.0) ...`];

test('the fraction follows what dpkg has done, and never goes back', (t) => {
  const progress = new InstallProgress();
  const lines = [
    'Get:1 http://mirror.example/debian sid InRelease [151 kB]',
    fetching(2),
    ...both('libc6'),
    ...both('dpkg'),
    'I: installing remaining packages inside the chroot...',
    fetching(3),
    ...both('postfix'),
    ...both('dovecot'),
    ...both('nginx'),
    'I: creating tarball...',
  ];
  const news = lines.map((line) => progress.line(line)).filter((it) => it !== undefined);
  t.is(news.length, 13);
  t.deepEqual(
    news.map(({ text }) => text).filter((text) => text.startsWith('set up')),
    [
      'set up 1 of 2 packages',
      'set up 2 of 2 packages',
      ...[1, 2, 3].map((n) => `set up ${n} of 3 packages`),
    ],
  );
  const fractions = news.map(({ fraction }) => fraction);
  t.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  t.true(fractions.every((it) => it > 0 && it < 1));
});

test('a line that tells nothing, and more packages than announced, do no harm', (t) => {
  const progress = new InstallProgress();
  t.is(progress.line('Processing triggers for libc-bin'), undefined);
  progress.line(fetching(1));
  const last = [...both('a'), ...both('b')].map((line) => progress.line(line)?.fraction ?? 1).at(-1) ?? 1;
  t.true(last < 1);
});
