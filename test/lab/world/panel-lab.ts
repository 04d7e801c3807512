/** A box, and its administrator at the control panel's pages in a browser. */
import type { SerialFn } from 'ava';
import type { Artefacts } from '../../rig/artefacts.ts';
import { Browser } from './browser.ts';
import { makeLab } from './lab.ts';
import type { LabBox } from './nspawn.ts';
import { PanelPerson } from './panel-person.ts';
import { addAccount, started } from './started.ts';

/** The administrator is logged in already, unless the log-in is what is looked at. */
export async function panelLab(kept: Artefacts, isLoggedIn = true) {
  const lab = await makeLab(kept);
  const { owner, ca } = lab;
  const box = await started(lab, 'box', owner);
  await addAccount(box, owner, 'you@example.com');
  const browser = kept.own(await Browser.of(box));
  const person = new PanelPerson(await browser.page());
  await person.page.setViewport({ width: 1280, height: 900 });
  if (isLoggedIn) {
    await person.open();
    await person.logIn(owner);
    await person.said(/^Logged in/);
  }
  return { box, browser, person, owner, me: owner, ca, folder: kept.folder };
}

/** The last test of a file: the pages broke no policy and threw nothing, whatever was done at them. */
export function complainsOfNothing(test: SerialFn, ready: ReturnType<typeof panelLab>): void {
  test('the browser complained of nothing', async (t) => {
    t.deepEqual((await ready).person.complaints, []);
  });
}

export async function account(box: LabBox, email: string) {
  const all = JSON.parse(await box.run('box account list --json')) as {
    email: string;
    admin: boolean;
    quota: string;
  }[];
  return all.find((one) => one.email === email);
}

export async function alias(box: LabBox, source: string) {
  const all = JSON.parse(await box.run('box alias list --json')) as {
    source: string;
    destinations: string[];
    permittedSenders: string[] | null;
  }[];
  return all.find((one) => one.source === source);
}

/** A Python program that writes nine days of a box at work, every five minutes. */
export const nineDays = `
import json, os, time, math
now = int(time.time())
folder = '/var/lib/box-keeper/samples/'
days = {}
for i in range(9 * 288, 0, -1):
    at = now - i * 300
    if 20 < i % 288 < 26: continue
    busy = 1 + math.sin(at / 86400 * 6.283)
    days.setdefault(time.strftime('%Y-%m-%d', time.gmtime(at)), []).append(json.dumps(dict(time=at, load=round(busy, 2),
        memory=40 + int(9 * busy), disk=23, queue=int(3 * busy), accepted=int(8 * busy), refused=int(20 * busy), postponed=i % 7,
        delivered=int(7 * busy), deferred=i % 3, bounced=1 if i % 50 == 0 else 0)))
for day, lines in days.items():
    open(folder + day + '.jsonl', 'w').write(chr(10).join(lines) + chr(10))
`;

/** Something on every page, so that each is looked at as people see theirs. */
export async function putInUse(box: LabBox): Promise<void> {
  await box.run('python3 -', nineDays);
  await box.run('box alias add sales@example.com me@example.com');
  await box.run('box dns custom add files.example.com A 192.0.2.7');
  await box.run('box token add me@example.com status --label monitor');
  await box.run('box backup run');
  await box.run("printf 'Subject: x\\n\\nx\\n' | sendmail -f me@example.com you@example.com");
}
