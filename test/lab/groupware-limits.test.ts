/** What people can have the groupware do: it fetches nothing from within the box, and telephones leave room for others. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import type { Account } from '../rig/mail.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started } from './world/started.ts';
import { Telephone } from './world/telephone.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-groupware-limits');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner, undefined, 1024);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  // The lab's boxes see the memory of the machine of the tests.
  const unit = '/run/systemd/system/sogo.service.d';
  await box.run(
    `echo 'MemTotal: 1004208 kB' >/run/meminfo && mkdir -p ${unit} && cat >${unit}/memory.conf`,
    '[Service]\nBindReadOnlyPaths=/run/meminfo:/proc/meminfo\n',
  );
  await box.run('systemctl daemon-reload && systemctl restart sogo');
  await waitFor('SOGo', async () => ((await request(box, 'GET /SOGo/')).status === 200 ? true : undefined));
  return { lab, box, me: lab.owner, you };
});

/** A session of SOGo's pages: the headers of who is logged in. */
async function session({ email, password }: Account): Promise<string[]> {
  const { head } = await request((await ready).box, 'POST /SOGo/connect', {
    body: JSON.stringify({ userName: email, password }),
    headers: ['Content-Type: application/json'],
  });
  const cookies = [...head.matchAll(/^set-cookie: ([^;]*)/gim)].map(([, cookie = '']) => cookie);
  const token = cookies.find((cookie) => cookie.startsWith('XSRF-TOKEN='))?.split('=')[1] ?? '';
  return [`Cookie: ${cookies.join('; ')}`, `X-XSRF-TOKEN: ${token}`, 'Content-Type: application/json'];
}

test('a calendar’s address leads nowhere within the box: not to its ports, by no protocol', async (t) => {
  const { box, me, you } = await ready;
  const server = `
import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open("/run/fetched", "a").write(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\nX-WR-CALNAME:secret\\r\\nEND:VCALENDAR\\r\\n")
http.server.HTTPServer(("127.0.0.1", 8765), Answer).serve_forever()
`;
  await box.run('cat >/run/lab-server.py; : >/run/fetched', server);
  await box.run('systemd-run --quiet --unit lab-server python3 /run/lab-server.py');
  await waitFor('the server', async () =>
    (await box.outcome('curl -s http://127.0.0.1:8765/alive')).code === 0 ? true : undefined,
  );
  await box.run(': >/run/fetched');
  const headers = await session(you);
  const guess = `${encodeURIComponent(me.email)}:${encodeURIComponent(me.password)}`;
  const addresses = [
    'http://127.0.0.1:8765/x.ics',
    'http://localhost:8765/x.ics',
    'http://[::1]:8765/x.ics',
    'http://0.0.0.0:8765/x.ics',
    `http://${box.host}:8765/x.ics`,
    'http://2130706433:8765/x.ics',
    'gopher://127.0.0.1:8765/0GET%20/gopher.ics%20HTTP/1.0%0D%0A%0D%0A',
    'https://127.0.0.1/robots.txt',
    'http://127.0.0.1:20000/SOGo/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/hostname',
    `imaps://${guess}@127.0.0.1:993/INBOX;MAILINDEX=1`,
  ];
  for (const url of addresses) {
    const { body } = await request(box, `POST /SOGo/so/${you.email}/Calendar/addWebCalendar`, {
      headers,
      body: JSON.stringify({ url }),
    });
    t.notRegex(body, /secret|"imported"/, url);
    const id = /"id"\s*:\s*"([^"]+)"/.exec(body)?.[1];
    if (id === undefined) continue;
    const again = await request(box, `GET /SOGo/so/${you.email}/Calendar/${id}/reload`, { headers });
    t.notRegex(again.body, /secret|"imported"/, url);
  }
  t.is(await box.run('cat /run/fetched'), '');
  t.notRegex(await box.run('cat /var/log/mail.log'), /imap-login: Login: user=<me@example\.com>/);
  // Had it no such proxy, it would get no further.
  for (const url of [
    'http://127.0.0.1:8765/',
    'http://[::1]/',
    `http://${box.host}/`,
    'http://127.0.0.1:20000/',
  ])
    t.is(
      (await box.outcome(`setpriv --reuid=sogo --clear-groups curl -s --max-time 5 '${url}'`)).code,
      7,
      url,
    );
  await box.run('systemctl stop lab-server');
});

test('telephones of one account leave calendars to everybody, and room for another’s telephone', async (t) => {
  const { box, me, you } = await ready;
  t.is((await box.run('pgrep --count --exact sogod')).trim(), '5', 'four, and one that watches over them');
  const telephones = Array.from(
    { length: 6 },
    (_, i) => new Telephone(box, you, box.prefix, `LABTELEPHONE${i}`),
  );
  const inboxes: string[] = [];
  for (const telephone of telephones) inboxes.push((await telephone.folders()).get('2') ?? '');
  const ends = new Map<number, string>();
  const begin = Date.now();
  const waiting = telephones.map(async (telephone, i) => {
    const reply = await telephone.ask('Ping', [
      'Ping:Ping',
      ['Ping:HeartbeatInterval', '40'],
      ['Ping:Folders', ['Ping:Folder', ['Ping:Id', inboxes[i] ?? ''], ['Ping:Class', 'Email']]],
    ]);
    ends.set(i, `${reply.status} ${reply.headers['retry-after'] ?? ''}`);
  });
  await waitFor('four that are told to come later', async () => (ends.size >= 4 ? true : undefined));
  t.deepEqual([...ends.values()], Array(4).fill('503 60'));
  const calendar = `PROPFIND /SOGo/dav/${me.email}/Calendar/personal/`;
  t.is((await request(box, calendar, { as: me, headers: ['Depth: 0'] })).status, 207);
  t.truthy((await new Telephone(box, me).folders()).get('2'), 'another’s telephone is served');
  t.truthy((await telephones[0]?.folders())?.get('2'), 'and so are one’s own, but for waiting');
  t.true(Date.now() - begin < 25_000, `${Date.now() - begin} ms: before a wait has ended`);
  await Promise.all(waiting);
  t.is([...ends.values()].filter((end) => end.startsWith('200')).length, 2);
});
