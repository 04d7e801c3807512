/**
 * `npm run bench dns`: a thousand domains with twenty records of the owner's each: built and signed from nothing, looked
 * at unchanged, and with one record more; then an NSD loads them, and loads them again with that record. The reference is
 * the bare signer over the same zones in the same run; what has nothing to sign is measured against an empty Node process.
 * Keys, signer, checker and name server are real; the files lie in a temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TemporaryBox } from '../test/unit/box/temporary-box.ts';
import { BenchNsd } from './nsd.ts';

const domains = 1000;
const recordsEach = 20;
const zones = '/home/user-data/dns/zones';
const custom = '/home/user-data/dns/custom.yaml';

export async function benchDns(): Promise<void> {
  const endings: (() => void)[] = [];
  try {
    const box = TemporaryBox.fresh({ teardown: (end: () => void) => void endings.push(end) });
    await run(box, 'init');
    addDomains(box);
    box.write(custom, records());
    const build = await timed(() => run(box, 'dns', 'update'));
    const nothing = await timed(() => run(box, 'dns', 'update'));
    const nsd = new BenchNsd(box);
    endings.unshift(() => nsd.stop());
    const load = await timed(() => nsd.answers('h1.d999.example', '192.0.2.1'));
    box.write(custom, `${records()}new.d7.example: 192.0.2.99\n`);
    const change = await timed(() => run(box, 'dns', 'update'));
    if (box.said.join() !== 'updated DNS: d7.example') throw new Error(box.said.join());
    nsd.reload();
    const reload = await timed(() => nsd.answers('new.d7.example', '192.0.2.99'));
    const memory = process.resourceUsage().maxRSS / 1024;
    const bare = await timed(() => signAll(box));
    const node = await timed(() => spawnSync(process.execPath, ['-e', '0']));
    const title = `${domains} domains with ${recordsEach} records each`;
    console.log(
      `${title}, built, signed and verified: ${(build / bare).toFixed(2)} x ldns-signzone alone (${build.toFixed(1)} s)`,
    );
    for (const [what, seconds] of [
      ['nothing to do', nothing],
      ['one record more, one zone signed', change],
    ] as const)
      console.log(
        `${title}, ${what}: ${(seconds / build).toFixed(3)} x the whole, ${(seconds / node).toFixed(0)} x an empty Node process (${seconds.toFixed(2)} s)`,
      );
    console.log(
      `NSD has ${domains} zones ${load.toFixed(1)} s after its start, ${(load / build).toFixed(3)} x the whole; a changed one ${reload.toFixed(1)} s after a reload, ${(reload / build).toFixed(3)} x; ${nsd.peakMebibytes().toFixed(0)} MiB`,
    );
    console.log(`peak memory of the box program, with this bench around it: ${memory.toFixed(0)} MiB`);
  } finally {
    for (const end of endings) end();
  }
}

async function run(box: TemporaryBox, ...argv: string[]): Promise<void> {
  if ((await box.box(...argv)) !== 0) throw new Error([...box.said, ...box.complaints].join('\n'));
}

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function addDomains(box: TemporaryBox): void {
  const insert = Array.from(
    { length: domains },
    (_, i) => `INSERT INTO aliases (source, destination) VALUES ('a@d${i}.example', 'me@example.com');`,
  );
  const script =
    'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.executescript(sys.stdin.read())\nc.commit()';
  const accounts = box.at('/home/user-data/mail/users.sqlite');
  const { status } = spawnSync('/usr/bin/python3', ['-c', script, accounts], { input: insert.join('\n') });
  if (status !== 0) throw new Error('users.sqlite could not be filled');
}

function records(): string {
  let text = '';
  for (let domain = 0; domain < domains; domain++)
    for (let i = 0; i < recordsEach; i++)
      text +=
        i % 2 === 0
          ? `h${i}.d${domain}.example:\n  TXT: text ${i}\n`
          : `h${i}.d${domain}.example: 192.0.2.${i}\n`;
  return text;
}

/** The same zone files and keys, and nothing but the signer. */
function signAll(box: TemporaryBox): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-bench-'));
  try {
    const dnssec = box.at('/home/user-data/dns/dnssec');
    const keys = readdirSync(dnssec)
      .filter((name) => name.endsWith('.private'))
      .map((name) => name.replace(/\.private$/, ''));
    for (const name of readdirSync(box.at(zones)).filter((name) => name.endsWith('.txt'))) {
      const zone = name.replace(/\.txt$/, '');
      for (const key of keys) {
        const text = readFileSync(path.join(dnssec, `${key}.key`), 'utf8');
        writeFileSync(path.join(folder, `${key}.key`), text.replace('_domain_', zone));
        writeFileSync(
          path.join(folder, `${key}.private`),
          readFileSync(path.join(dnssec, `${key}.private`)),
          { mode: 0o600 },
        );
      }
      const argv = [
        '-n',
        '-t',
        '0',
        '-o',
        zone,
        '-f',
        path.join(folder, 'signed'),
        box.at(`${zones}/${name}`),
      ];
      const { status } = spawnSync('ldns-signzone', [...argv, ...keys.map((key) => path.join(folder, key))]);
      if (status !== 0) throw new Error(`ldns-signzone ${zone}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
