/** dpkg's status and Debian's copyright files, as they are read. */
import test from 'ava';
import { debName, parseStatus } from '../../../../../builder/trust/bill/dpkg.ts';
import { inSpdx, licencesOf } from '../../../../../builder/trust/bill/licences.ts';
import { copyright, status } from './small-system.ts';

test('a package that was removed and left its settings is none', (t) => {
  t.deepEqual(
    parseStatus(status).map(({ name }) => name),
    ['libc6', 'libdb5.3t64', 'postfix'],
  );
});

test('the source of a package has a version of its own where dpkg says so', (t) => {
  const sources = parseStatus(status).map(({ source }) => source);
  t.deepEqual(sources[0], { name: 'glibc', version: '2.41-12' });
  t.deepEqual(sources[1], { name: 'db5.3', version: '5.3.28+dfsg2' });
});

test('the archive of a package is found by the name that apt gives it, epoch and all', (t) => {
  const [libc] = parseStatus(status.replace('2.41-12', '1:2.41-12'));
  t.is(libc && debName(libc), 'libc6_1%3a2.41-12_amd64.deb');
});

test('each licence once, in SPDX’s words; a file of another form names none', (t) => {
  t.deepEqual(licencesOf(copyright), [
    'GPL-2.0-or-later',
    'GPL-2.0-or-later OR Artistic-1.0-Perl',
    'LGPL-2.1-or-later',
  ]);
  t.deepEqual(licencesOf('This is free software.\nLicense: whatever\n'), []);
});

for (const [debian, spdx] of [
  ['Expat', 'MIT'],
  ['GPL-3', 'GPL-3.0-only'],
  ['LGPL-2.1+', 'LGPL-2.1-or-later'],
  ['GPLv3+', 'GPL-3.0-or-later'],
  ['BSD-3-clause', 'BSD-3-Clause'],
  ['LGPL-3+ or GPL-2+', 'LGPL-3.0-or-later OR GPL-2.0-or-later'],
  ['GPL-2+ or AFL-2.1, and Expat', 'GPL-2.0-or-later OR (AFL-2.1 AND MIT)'],
  ['public-domain', 'public-domain'],
  ['Expat and BSLA', 'Expat and BSLA'],
] as const)
  test(`licence ${debian} is ${spdx}`, (t) => {
    t.is(inSpdx(debian), spdx);
  });
