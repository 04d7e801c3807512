/**
 * `npm run bench dns`: a thousand domains with twenty records of the owner's each: built, signed and verified, looked at unchanged,
 * and with one record more; then an NSD loads them, and loads them again with that record. The reference is the bare signer over the
 * same zones in turn, by the clock and by what it takes of the processor; what has nothing to sign is measured against an empty
 * Node.js process. Keys, signer, checker and name server are real; the files lie in a temporary folder. BENCH_DOMAINS is another number of
 * domains, BENCH_ROUNDS of rounds.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TemporaryBox } from '../test/unit/box/temporary-box.ts';
import { type Figure, figure } from './figures.ts';
import { BenchNsd } from './nsd.ts';
import { type Spent, spent } from './processor.ts';

const domains = Number(process.env.BENCH_DOMAINS ?? 1000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const recordsEach = 20;
const zones = '/home/user-data/dns/zones';
const custom = '/home/user-data/dns/custom.yaml';
const wanted = `${domains} domains`;

export async function benchDns(): Promise<readonly Figure[]> {
  const endings: (() => void)[] = [];
  try {
    const box = TemporaryBox.fresh({ teardown: (end: () => void) => void endings.push(end) });
    await run(box, 'init');
    addDomains(box);
    box.write(custom, records());
    await run(box, 'dns', 'update');
    const nsd = await BenchNsd.over(box);
    endings.unshift(() => nsd.stop());
    const load = await spent(() => nsd.answers(`h1.d${domains - 1}.example`, '192.0.2.1'));
    const took = { build: [] as Spent[], bare: [] as Spent[], nothing: [] as Spent[], change: [] as Spent[] };
    const [node, reload]: [Spent[], Spent[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      took.build.push(await spent(() => run(box, 'dns', 'update', '--force')));
      took.bare.push(await spent(() => signAll(box)));
      took.nothing.push(await spent(() => run(box, 'dns', 'update')));
      box.write(custom, `${records()}new.d7.example: 192.0.2.${90 + round}\n`);
      took.change.push(await spent(() => run(box, 'dns', 'update')));
      if (box.said.join() !== 'updated DNS: d7.example') throw new Error(box.said.join());
      nsd.reload();
      reload.push(await spent(() => nsd.answers('new.d7.example', `192.0.2.${90 + round}`)));
      node.push(await spent(() => spawnSync(process.execPath, ['-e', '0'])));
    }
    return [
      ...both(`${wanted} signed by the bare signer`, took.bare),
      ...both(`${wanted} built, signed and verified`, took.build, 'the bare signer', took.bare),
      ...both(`${wanted}, nothing to do`, took.nothing, 'an empty Node.js process', node),
      ...both(`${wanted}, one record more`, took.change, 'an empty Node.js process', node),
      { what: `${wanted} until NSD has them`, value: load.wall, unit: 's' },
      figure(`${wanted}, until NSD has one that changed`, 's', reload.map(wallOf)),
      { what: `${wanted}, NSD at its most`, value: nsd.peakMebibytes(), unit: 'MiB' },
      {
        what: `${wanted}, the box program at its most, with the bench`,
        value: process.resourceUsage().maxRSS / 1024,
        unit: 'MiB',
      },
    ];
  } finally {
    for (const end of endings) end();
  }
}

const wallOf = ({ wall }: Spent) => wall;
const processorOf = ({ processor }: Spent) => processor;

function both(what: string, values: readonly Spent[], to?: string, bare: readonly Spent[] = []): Figure[] {
  const beside = (of: (one: Spent) => number) =>
    to === undefined ? undefined : { to, values: bare.map(of) };
  return [
    figure(what, 's', values.map(wallOf), beside(wallOf)),
    figure(`${what}, processor`, 's', values.map(processorOf), beside(processorOf)),
  ];
}

async function run(box: TemporaryBox, ...argv: string[]): Promise<void> {
  if ((await box.box(...argv)) !== 0) throw new Error([...box.said, ...box.complaints].join('\n'));
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
