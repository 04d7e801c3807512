/**
 * `npm run bench panel`: what the panel's first page and its first answers cost the server, at rest and while the box looks at
 * everything: from the end of the TLS handshake to the first byte. Needs root and a baked image.
 */
import { WebClient } from '../test/lab/world/web-client.ts';
import { withBox } from './box.ts';
import { type Bench, type Figure, figure } from './figures.ts';
import { quantile } from './median.ts';

/** What a browser asks for until the first page of an administrator is there, and a page with a list. */
const asked = [
  'GET /',
  'GET /me',
  'GET /system/first-steps',
  'POST /system/status',
  'GET /mail/users?format=json',
];
const rounds = 20;

export const benchPanel: Bench = () =>
  withBox(async (box, owner) => {
    const web = await WebClient.of(box);
    const { api_key: key } = JSON.parse((await web.ask('POST /login', { as: owner })).body) as {
      api_key: string;
    };
    // As the pages ask: by the session, which costs no look at a password.
    const as = { email: owner.email, password: key };
    const look = async () => {
      const { status, body } = await web.ask('POST /system/status', { as, form: { fresh: '1' } });
      if (status !== 200) throw new Error(body);
    };
    const took = async (request: string) => {
      const { status, serverSeconds } = await web.ask(request, { as });
      if (status !== 200) throw new Error(`${request}: ${status}`);
      return serverSeconds;
    };
    await look();
    const resting = new Map(asked.map((request) => [request, [] as number[]]));
    const looking = new Map(asked.map((request) => [request, [] as number[]]));
    for (let round = 0; round < rounds; round++)
      for (const request of asked) resting.get(request)?.push(await took(request));

    const looks: number[] = [];
    while (asked.some((request) => (looking.get(request)?.length ?? 0) < rounds)) {
      const began = performance.now();
      let isOver = false;
      const end = look().finally(() => {
        isOver = true;
        looks.push((performance.now() - began) / 1000);
      });
      for (let i = 0; !isOver; i++) {
        const request = asked[i % asked.length] ?? '';
        const seconds = await took(request);
        // One that ended after the look counts for neither.
        if (!isOver) looking.get(request)?.push(seconds);
      }
      await end;
    }
    return [
      ...asked.flatMap((request) => figuresOf(request, resting, looking)),
      figure('a look', 's', looks),
    ];
  });

type Times = ReadonlyMap<string, readonly number[]>;

/** A look takes as many of each as it has time for: so the ratio is of the medians and not of pairs. */
function figuresOf(request: string, resting: Times, looking: Times): Figure[] {
  const ms = (seconds: readonly number[] = []) => seconds.map((one) => one * 1000);
  const rest = figure(`${request}, at rest`, 'ms', ms(resting.get(request)));
  const all = ms(looking.get(request));
  const busy = figure(`${request}, while it looks`, 'ms', all);
  const to = 'at rest';
  return [
    rest,
    { ...busy, ratio: busy.value / rest.value, to },
    { ...busy, what: `${busy.what}, the slowest twentieth`, value: quantile(all, 0.95) },
  ];
}
