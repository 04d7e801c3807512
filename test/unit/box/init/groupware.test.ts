/** Calendars and contacts that another image kept: the box opens only where it can go on with them. */
import { rmSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { image, TemporaryBox } from '../temporary-box.ts';

const folder = '/home/user-data/groupware';

/** A box whose image keeps calendars by this PostgreSQL, or by SQLite. */
async function boxWith(t: ExecutionContext, postgresql?: string): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  const groupware = { davPath: '/dav/', owner: 'mail', ...(postgresql === undefined ? {} : { postgresql }) };
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, groupware }));
  return box;
}

const cluster = (box: TemporaryBox, version: string) =>
  box.write(`${folder}/postgresql/PG_VERSION`, `${version}\n`);
const atRest = (box: TemporaryBox) => box.write(`${folder}/at-rest.sql`, '');

async function refuses(t: ExecutionContext, box: TemporaryBox, error: RegExp, hint: RegExp): Promise<void> {
  t.is(await box.box('init'), 1);
  t.regex(box.said.join('\n'), error);
  t.regex(box.said.join('\n'), hint);
  t.is(box.report().steps.at(-1)?.title, 'storage', 'nothing after it was touched');
}

test('none yet, or its own: the box opens', async (t) => {
  const box = await boxWith(t, '17');
  await box.init(t);
  cluster(box, '17');
  await box.init(t);
});

test('another PostgreSQL’s, written down in order: the box opens, and PostgreSQL’s unit takes them over', async (t) => {
  for (const [theirs, ours] of [
    ['15', '17'],
    ['17', '15'],
  ] as const) {
    const box = await boxWith(t, ours);
    cluster(box, theirs);
    atRest(box);
    await box.init(t);
  }
});

test('another PostgreSQL’s, of a box that was cut off: what was written down last is taken, and the owner is told', async (t) => {
  const box = await boxWith(t, '17');
  cluster(box, '15');
  box.write(`${folder}/groupware.sql`, '');
  await box.init(t);
  // What PostgreSQL's unit does then.
  box.write(`${folder}/postgresql.15/PG_VERSION`, '15\n');
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /warning +calendars: the box was cut off under postgresql 15: .*groupware\/postgresql\.15 only/,
  );
});

test('another PostgreSQL’s, of a box that was cut off before anything was written down: closed, with what to do', async (t) => {
  const box = await boxWith(t, '17');
  cluster(box, '15');
  await refuses(
    t,
    box,
    /calendars and contacts are PostgreSQL 15’s, this image has 17, and the box was cut off before it wrote any of them down/,
    /launch the image that ran before, wait until it is ready, run poweroff there, then launch this one/,
  );
  // It was done.
  atRest(box);
  await box.init(t);
});

test('another program’s: closed, for it would show an empty calendar', async (t) => {
  const sabre = await boxWith(t);
  await sabre.init(t);
  cluster(sabre, '15');
  atRest(sabre);
  const aside = /mv \/home\/user-data\/groupware \/home\/user-data\/groupware\.before/;
  await refuses(t, sabre, /groupware\/postgresql is of another program for calendars/, aside);
  const sogo = await boxWith(t, '15');
  sogo.write(`${folder}/dav.sqlite`, '');
  await refuses(t, sogo, /groupware\/dav\.sqlite is of another program for calendars/, aside);
  rmSync(sogo.at(`${folder}/dav.sqlite`));
  await sogo.init(t);
});

test('an image without calendars leaves them where they are', async (t) => {
  const box = await TemporaryBox.booted(t);
  cluster(box, '15');
  await box.init(t);
});
