/** docs/tls.md: its tables are what the policies come to. `UPDATE_GOLDEN=1 npx ava test/unit/project/docs-tls.test.ts` rewrites them. */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import {
  type Offer,
  offeredSuites,
  offeredVersions,
  type PolicyName,
  policyOf,
  type TlsPolicy,
  tlsPolicies,
  type Versions,
} from '../../../builder/roles/tls/policy.ts';
import { keyBits } from '../../../builder/roles/tls/suites.ts';
import { debian12 } from '../../../releases/debian-12.ts';

const names: readonly PolicyName[] = ['modern', 'intermediate', 'guide-2016'];
const legacy = policyOf({ tls: { policy: 'intermediate' }, inbound: { legacyTls: true } });
const columns: readonly (readonly [title: string, policy: TlsPolicy])[] = [
  ...names.map((name) => [`\`${name}\``, tlsPolicies[name]] as const),
  ['`intermediate` with `inbound.legacyTls`', legacy],
];
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row)].join('\n');

const versionsText = (versions: Versions) =>
  offeredVersions(versions, debian12)
    .map((version) => (version === 'TLSv1' ? '1.0' : version.slice(4)))
    .join(', ');
const forRsa = (suites: readonly string[]) => suites.filter((suite) => !suite.includes('ECDSA'));

function offerText(offer: Offer): string {
  const suites = forRsa(offeredSuites(offer, 'TLSv1.2', debian12));
  if (suites.length === 0) return versionsText(offer);
  const bits = suites.map(keyBits);
  return `${versionsText(offer)}; ${suites.length} suites, ${Math.min(...bits)} to ${Math.max(...bits)} bits`;
}

const byPort = table(
  ['port', ...columns.map(([title]) => title)],
  [
    ['465, 587, 993, 995, 4190', ...columns.map(([, { mail }]) => offerText(mail))],
    ['443', ...columns.map(([, { web }]) => offerText(web))],
    ['25, mail that comes in', ...columns.map(([, { exchange }]) => offerText(exchange))],
    ['mail that goes out, if the server has TLS', ...columns.map(([, { out }]) => versionsText(out.tried))],
    ['mail that goes out, by DANE', ...columns.map(([, { out }]) => versionsText(out.demanded))],
  ],
);

/** A column for each set that differs from the others; TLS 1.3 alone has none. */
const sets: readonly (readonly [title: string, ciphers: readonly string[]])[] = [
  ['`intermediate`: people', tlsPolicies.intermediate.mail.ciphers],
  ['`modern`: 25', tlsPolicies.modern.exchange.ciphers],
  ['`intermediate`: 25', tlsPolicies.intermediate.exchange.ciphers],
  ['`guide-2016`: 443', tlsPolicies['guide-2016'].web.ciphers],
  ['`guide-2016`: other people', tlsPolicies['guide-2016'].mail.ciphers],
  ['`guide-2016`: 25', tlsPolicies['guide-2016'].exchange.ciphers],
];
const lacks = (suite: string) => debian12.lacksCiphers.some((cipher) => suite.includes(cipher));
const bySuite = table(
  ['suite', 'bits', ...sets.map(([title]) => title)],
  [...new Set(sets.flatMap(([, ciphers]) => forRsa(ciphers)))].map((suite) => [
    `\`${suite}\``,
    String(keyBits(suite)),
    ...sets.map(([, ciphers]) => (ciphers.includes(suite) ? (lacks(suite) ? '○' : '●') : '')),
  ]),
);

const file = 'docs/tls.md';
const part = (name: string) => new RegExp(`(?<=<!-- ${name} -->\n)[^]*?(?=<!-- end -->)`);

for (const [name, wanted] of Object.entries({ 'by port': byPort, 'by suite': bySuite })) {
  test.serial(`the table ${name} is what the policies come to`, (t) => {
    const text = readFileSync(file, 'utf8');
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text.replace(part(name), `${wanted}\n`));
    t.is(part(name).exec(readFileSync(file, 'utf8'))?.[0], `${wanted}\n`);
  });
}

test('outside of the tables, the figures are right too', (t) => {
  const { mail, web, exchange } = tlsPolicies['guide-2016'];
  const [on25, on587, on443] = [exchange, mail, web].map(({ ciphers }) => forRsa(ciphers).length);
  const text = readFileSync(file, 'utf8').replaceAll('\n', ' ');
  t.true(text.includes(`${on25} suites on 25, ${on587} on 587 and ${on443} on 443`));
});
