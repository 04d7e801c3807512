/**
 * `npm run bench panel`: what the panel's first page and its first answers cost the server, at rest and while the box looks at
 * everything: from the end of the TLS handshake to the first byte. Needs root and a baked image.
 */
import { WebClient } from '../test/lab/world/web-client.ts';
import { withBox } from './box.ts';
import { median, quantile } from './median.ts';
import { markdown } from './table.ts';

/** What a browser asks for until the first page of an administrator is there, and a page with a list. */
const asked = [
  'GET /',
  'GET /me',
  'GET /system/first-steps',
  'POST /system/status',
  'GET /mail/users?format=json',
];
const rounds = 20;
const goal = 0.1;

export const benchPanel = (): Promise<void> =>
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
    const ms = (seconds: number) => `${Math.round(seconds * 1000)} ms`;
    const rows = asked.map((request) => {
      const [rest, busy] = [resting.get(request) ?? [], looking.get(request) ?? []];
      const ratio = (median(busy) / median(rest)).toFixed(1);
      return [request, ms(median(rest)), ms(median(busy)), ms(quantile(busy, 0.95)), `${ratio} x`];
    });
    console.log(
      markdown(['asked', 'at rest', 'while it looks', 'the slowest twentieth', 'to at rest'], rows),
    );
    const first = median(looking.get('GET /') ?? []);
    console.log(`a look takes ${median(looks).toFixed(1)} s; ${looks.length} were under way meanwhile`);
    console.log(
      `first page while it looks: ${ms(first)}, ${(first / goal).toFixed(2)} x the 100 ms aimed at`,
    );
  });
