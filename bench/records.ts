/**
 * `npm run bench records`: records of a zone set by the panel's API until the name server has them: one, and twenty asked for at the same
 * moment, as a certificate for twenty names needs them. The reference is the bare signer over the same zone in the same run. Needs root
 * and a baked image.
 */
import type { LabBox } from '../test/lab/world/nspawn.ts';
import { WebClient } from '../test/lab/world/web-client.ts';
import { outcome } from '../test/rig/program.ts';
import { withBox } from './box.ts';
import { type Bench, figure } from './figures.ts';

const rounds = 5;
const together = 20;
const below = '_acme-challenge.example.com';

export const benchRecords: Bench = () =>
  withBox(async (box, owner) => {
    const web = await WebClient.of(box);
    const token = /token-[0-9a-f]{40,}/.exec(await box.run(`box token add ${owner.email} acme:example.com`));
    const headers = [`Authorization: Bearer ${token?.[0]}`];
    const set = async (name: string, value: string) => {
      const { status, body } = await web.ask(`PUT /dns/custom/${name}.${below}/TXT`, {
        headers,
        body: value,
      });
      if (status !== 200) throw new Error(body);
      if (!(await served(box, name)).includes(value)) throw new Error(`${name} is not served yet`);
    };
    await set('warm', 'v');
    const took = { one: [] as number[], many: [] as number[], bare: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      took.one.push(await timed(() => set('one', `v${round}`)));
      const all = Array.from({ length: together }, (_, i) => set(`many${i}`, `v${round}`));
      took.many.push(await timed(() => Promise.all(all)));
      took.bare.push(Number(await box.run(signs)));
    }
    const bare = { to: 'the bare signer', values: took.bare };
    return [
      figure('one record until it is served', 's', took.one, bare),
      figure(`${together} records at the same moment`, 's', took.many, bare),
      figure(`${together} records beside one`, 's', took.many, { to: 'one record', values: took.one }),
      figure('the bare signer, one zone', 's', took.bare),
    ];
  });

const served = async (box: LabBox, name: string): Promise<string> =>
  (await outcome([...box.prefix, 'dig', '+short', '+norecurse', `@${box.host}`, `${name}.${below}`, 'TXT']))
    .stdout;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Signs the zone with its own keys, and says how many seconds that took. */
const signs = `
set -e
mkdir -p /run/bench && cd /run/bench && cp /home/user-data/dns/dnssec/K_domain_.* . && cp /home/user-data/dns/zones/example.com.txt zone
sed -i 's/^_domain_\\./example.com./' *.key
python3 -c 'import subprocess, sys, time
began = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(time.monotonic() - began)' ldns-signzone -n -t 0 -o example.com -f signed zone $(ls *.private | sed 's/.private$//')
rm -rf /run/bench
`;
