/** NSD's configuration as it is read: one file after all that it includes. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { nameServerFiles } from '../../../box/dns/name-server.ts';
import { releases } from '../../../releases/index.ts';

const written = nameServerFiles(
  [
    { address: '192.0.2.25', family: 4 },
    { address: '2001:db8::25', family: 6 },
  ],
  ['example.com'],
  [{ to: '198.51.100.1', key: 'second' }],
  [{ name: 'second', secret: 'AAAA' }],
);

for (const release of releases.keys())
  for (const [state, files] of [
    ['before', []],
    ['after', written],
  ] as const)
    test(`${release}: one clause of a kind ${state} box init, and each line in its own`, (t) => {
      const read = (name: string): string =>
        (
          files.find(({ path }) => path === name)?.text ??
          readFileSync(`test/golden/${release}/expected/root${name}`, 'utf8')
        )
          .replace(/^\s*#.*\n/gm, '')
          .replace(/^\s*include: "(.*)"\n/gm, (_, included: string) => read(included));
      const clauses = new Map<string, string[]>();
      let open = '';
      for (const line of read('/etc/nsd/nsd.conf').split('\n')) {
        const [, head, word = ''] = /^\s*(?:([a-z-]+):|([a-z-]+): .*)$/.exec(line) ?? [];
        if (head !== undefined) {
          open = head;
          // NSD 4.0.1: "duplicate server: element."
          t.false(/^(server|remote-control)$/.test(head) && clauses.has(head), `a second ${head}:`);
          clauses.set(head, clauses.get(head) ?? []);
        } else if (word !== '') clauses.get(open)?.push(word);
      }
      t.true(clauses.get('server')?.includes('ip-address'));
      t.deepEqual(clauses.get('remote-control'), ['control-enable']);
    });
