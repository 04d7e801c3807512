/** Launch modules: in the words of each provider, whole in themselves, and nothing that must stay can be destroyed. */
import test from 'ava';
import { clouds } from '../../../clouds/index.ts';
import { type LaunchModule, type LaunchPlan, ref, usualSize } from '../../../clouds/launch-plan.ts';
import { publishedResources } from './published-resources.ts';

const plan = (section: LaunchPlan['section'] = {}): LaunchPlan => ({
  name: 'mail',
  image: 'mail',
  size: usualSize,
  hostname: 'box.example.com',
  ports: { tcp: [22, 25, 53], udp: [53] },
  diskGiB: 8,
  section,
  sshKeys: ['ssh-ed25519 AAAA me'],
});

/** What every resource may have, whatever the provider: OpenTofu's own. */
const metaArguments = ['lifecycle', 'depends_on', 'count'];

for (const { name, title, launch } of clouds) {
  if (launch === undefined) continue;
  const made: LaunchModule = launch.module(plan());
  const all = Object.entries({ ...made.resources, ...made.data }).flatMap(([type, named]) =>
    Object.entries(named).map(([own, body]) => ({ type, address: `${type}.${own}`, body })),
  );
  const inUse = JSON.stringify(made);

  test(`${name}: its arguments are those that its provider publishes, and none that it must have is missing`, (t) => {
    for (const { type, address, body } of all) {
      const published = publishedResources[type];
      if (published === undefined) return t.fail(`${type} is not in published-resources.ts`);
      const known = [...published.required, ...published.optional];
      const used = argumentsOf(body, known);
      const unknown = used.filter(
        (argument) => !known.includes(argument) && !metaArguments.includes(argument),
      );
      t.deepEqual(unknown, [], `${address} has what ${type} does not know`);
      for (const argument of published.required) {
        // What a block must have is asked for where the block is.
        const block = argument.includes('.') ? argument.slice(0, argument.lastIndexOf('.')) : undefined;
        if (block === undefined || used.includes(block))
          t.true(used.includes(argument), `${address} lacks ${argument}`);
      }
    }
    t.true(all.length > 0);
  });

  test(`${name}: every expression names what the module has, and every variable is used`, (t) => {
    const expressions = [...expressionsOf(made)];
    const addresses = all.map(({ address }) => address);
    for (const expression of expressions) {
      t.is(count(expression, '('), count(expression, ')'), expression);
      t.is(count(expression, '['), count(expression, ']'), expression);
      for (const found of referencesIn(expression))
        t.true(addresses.includes(found), `${expression}: ${found}`);
      for (const [, variable = ''] of expression.matchAll(/\bvar\.(\w+)/g))
        t.true(['image', 'volume_size'].includes(variable) || variable in made.variables, expression);
    }
    for (const variable of ['image', 'volume_size', ...Object.keys(made.variables)])
      t.true(
        expressions.some((expression) => new RegExp(`\\bvar\\.${variable}\\b`).test(expression)),
        `${variable} is used nowhere`,
      );
    t.true(inUse.includes('local.user_data'), 'the box gets its user-data');
  });

  test(`${name}: nothing waits for itself, and the user-data waits for the volume alone`, (t) => {
    const waits = new Map(all.map(({ address, body }) => [address, neededBy(body, made)]));
    for (const [address] of waits)
      t.false(reached(address, waits).has(address), `${address} waits for itself`);
  });

  test(`${name}: the state volume and every address can't be destroyed, and nothing else is held`, (t) => {
    const held = all
      .filter(({ body }) => JSON.stringify(body).includes('"prevent_destroy":true'))
      .map(({ address }) => address);
    t.true(
      held.some((address) => address.endsWith('.state')),
      `the volume is not held: ${held.join(', ')}`,
    );
    for (const address of held) t.regex(address, /\.(?:state|ipv4|ipv6|address)$/, `${address} is held`);
  });

  test(`${name}: the public ports, each with its protocol, are let in`, (t) => {
    // Where the network is one's own, its firewall is too.
    if (launch.notes.some((note) => note.includes('no firewall'))) return t.pass();
    const tcp = inUse.toLowerCase();
    for (const port of ['22', '25', '53']) t.regex(tcp, new RegExp(`\\b${port}\\b`));
    for (const protocol of ['tcp', 'udp'])
      t.true(tcp.includes(`"${protocol}"`) || tcp.includes(`"${protocol === 'tcp' ? 6 : 17}"`), protocol);
  });

  test(`${name}: what the config's section says are defaults of variables, and never part of an expression`, (t) => {
    const section = Object.fromEntries(
      Object.keys(made.variables).map((option) => [option, ref('file("/x")')]),
    );
    const { variables, ...rest } = launch.module(plan(section));
    t.false(JSON.stringify(rest).includes('/x'));
    t.deepEqual(Object.keys(variables), Object.keys(made.variables));
  });

  test(`${name}: it says where the log-in comes from, what the image is, and its provider's versions`, (t) => {
    t.regex(launch.provider.version, /^~> \d+\.\d+(?:\.\d+)?$/);
    t.regex(launch.provider.source, /^[\w-]+\/[\w-]+$/);
    t.true(launch.login.length > 10 && launch.image.length > 5, title);
    for (const note of launch.notes) t.regex(note, /^[A-Z].*\.$/);
    for (const { description } of Object.values(made.variables)) t.regex(description, /^[A-Z].*\.$/);
  });
}

/** `rule.port` of `{ rule: [{ port }] }`. A map is one argument: what is in it is the reader's own. */
function argumentsOf(body: object, known: readonly string[], above = ''): string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const name = `${above}${key}`;
    const blocks = known.some((other) => other.startsWith(`${name}.`));
    const inner = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'object');
    return [name, ...(blocks ? inner.flatMap((one) => argumentsOf(one as object, known, `${name}.`)) : [])];
  });
}

/** All between `${` and `}`, and the expressions that stand without. */
function* expressionsOf({ ipv4, ipv6, device, resources, data }: LaunchModule): Generator<string> {
  for (const one of [ipv4, ipv6, device]) if (one !== undefined) yield one;
  for (const [, found = ''] of JSON.stringify({ resources, data }).matchAll(/\$\{([^}]*)\}/g)) yield found;
}

/** `hcloud_server.box` of `hcloud_server.box.id`; of a data source without `data.`. */
function referencesIn(expression: string): string[] {
  return [...expression.replaceAll(/"[^"]*"/g, '').matchAll(/\b([a-z0-9]+_[a-z0-9_]+)\.(\w+)/g)]
    .filter(([whole]) => whole !== 'local.user_data' && !whole.startsWith('path.'))
    .map(([, type, name]) => `${type}.${name}`);
}

function neededBy(body: object, { device, translated, ipv4 }: LaunchModule): string[] {
  const text = JSON.stringify(body);
  const direct = [...text.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, found = '']) => referencesIn(found));
  if (!text.includes('local.user_data')) return direct;
  return [...direct, ...referencesIn(device), ...(translated && ipv4 ? referencesIn(ipv4) : [])];
}

function reached(from: string, waits: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const left = [...(waits.get(from) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...(waits.get(next) ?? []));
  }
  return found;
}

const count = (text: string, letter: string) => text.split(letter).length - 1;
