/**
 * `npm run bench [builder] [dns] [engines] [mail] [panel] [records] [releases] [search]`: speed and size as ratios measured in one run, so that they can be compared between
 * machines. Without a word: the builder, which needs no root and no image.
 */
import { benchBuilder } from './builder.ts';
import { benchDns } from './dns.ts';
import { benchEngines } from './engines.ts';
import { benchMail } from './mail.ts';
import { benchPanel } from './panel.ts';
import { benchRecords } from './records.ts';
import { benchReleases } from './releases.ts';
import { benchSearch } from './search.ts';

const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  builder: benchBuilder,
  dns: benchDns,
  engines: benchEngines,
  mail: benchMail,
  panel: benchPanel,
  records: benchRecords,
  releases: benchReleases,
  search: benchSearch,
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['builder'];
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(', ')}; choose of ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else for (const name of wanted) await benches[name]?.();
