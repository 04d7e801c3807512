/** Where nginx sends somebody on within the box: behind a port forward too. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';

test('where nginx sends somebody on within the box’s own name, it names no host and no port of its own', (t) => {
  const folders = readdirSync('overlays', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\/etc\/nginx\/box\.d\/[^/]+$/.test(file),
  );
  t.true(folders.length >= 5);
  const sent = folders.flatMap((file) => {
    const text = readFileSync(path.join('overlays', file), 'utf8');
    return [...text.matchAll(/location = (\S+) \{[^}]*?return 30\d (\S+);/g)].map(
      ([, from = '', to = '']) => [from, to] as const,
    );
  });
  t.true(sent.length >= 3);
  for (const [from, to] of sent) {
    // nginx before 1.11.8 puts a name and a port of its own before what begins with a slash.
    if (/^https:\/\/\$http_host[/{]/.test(to)) continue;
    t.notRegex(to, /^\/|:\/\/|\$/, from);
    t.is(new URL(to, `https://127.0.0.1:10443${from}`).host, '127.0.0.1:10443');
  }
  const leadsTo = (from: string) =>
    new URL(sent.find(([at]) => at === from)?.[1] ?? '', `https://127.0.0.1:10443${from}`).href;
  t.is(leadsTo('/admin'), 'https://127.0.0.1:10443/admin/');
  t.is(leadsTo('/mail'), 'https://127.0.0.1:10443/mail/');
  t.is(leadsTo('/SOGo'), 'https://127.0.0.1:10443/SOGo/');
});
