/** What `letterbox demo` ends with: the addresses that a browser on this machine opens. */
import test from 'ava';
import { demoPages } from '../../../../builder/commands/say.ts';

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
