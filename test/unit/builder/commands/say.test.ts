/** What `letterbox demo` ends with, the addresses that a browser on this machine opens; what `letterbox outdated` prints. */
import test from 'ava';
import { changeLines, demoPages } from '../../../../builder/commands/say.ts';

test('the demo names the pages that the image has, at the port that leads to them', (t) => {
  const addresses = (roles: string[]) =>
    demoPages(10443, roles).flatMap((line) => /https:\S+/.exec(line)?.[0] ?? []);
  t.deepEqual(addresses(['panel', 'webmail']), [
    'https://127.0.0.1:10443/',
    'https://127.0.0.1:10443/admin/',
    'https://127.0.0.1:10443/mail/',
  ]);
  t.deepEqual(addresses(['panel']), ['https://127.0.0.1:10443/', 'https://127.0.0.1:10443/admin/']);
  t.deepEqual(demoPages(undefined, ['panel']), []);
});

test('what changed is a plain table, in the order in which it is given', (t) => {
  t.deepEqual(
    changeLines([
      { name: 'openssl', before: '3.5.1-1', now: '3.5.1-1+deb13u1', kind: 'newer', security: true },
      { name: 'linux-image-6.12.48', now: '6.12.48-1', kind: 'new', security: false },
      { name: 'libold', before: '1', kind: 'gone', security: false },
    ]),
    [
      'security  newer  openssl              3.5.1-1  3.5.1-1+deb13u1',
      '          new    linux-image-6.12.48  -        6.12.48-1',
      '          gone   libold               1        -',
    ],
  );
  t.deepEqual(changeLines([]), []);
});
