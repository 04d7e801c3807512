/** A box that has lived with one image and is launched with another, for the tests of both heights. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { image, TemporaryBox } from '../temporary-box.ts';

export const root = '/home/user-data';
export const record = (box: TemporaryBox) => JSON.parse(box.read(`${root}/letterbox.json`));
export const isOpen = (box: TemporaryBox) => box.ran.includes('fence open');

/** What the programs around the box answer, where mail and DNS work. */
export function works(box: TemporaryBox, mail = true): void {
  box.broken = (argv) => argv.some((word) => word.endsWith('try-mail.py'));
  box.answer = (argv) => {
    if (argv[0] === 'doveadm') return { out: `{SHA512-CRYPT}$6$abcdefgh$${'x'.repeat(86)}\n` };
    if (argv[0] === 'dig')
      return {
        out: [
          ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1',
          ';; ANSWER SECTION:',
          'example.com. 60 IN SOA a b 1 2 3 4 5',
          'example.com. 60 IN RRSIG SOA 13 2 60 x y z',
          '',
        ].join('\n'),
      };
    if (box.broken(argv)) return mail ? {} : { code: 1, err: 'IMAP: connection refused\n' };
    return undefined;
  };
}

/** A box that has been ready with image `one`, with a mail, and another that waits. */
export async function lived(t: ExecutionContext): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  // Not TCP's, at which `box ready` would knock.
  const port = { port: 1, protocol: 'udp', role: 'postfix', public: true } as const;
  const ports = ['submission', 'imaps'].map((name) => ({ ...port, name }));
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, ports }));
  launch(box, 'one');
  works(box);
  await box.init(t);
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  box.write(`${root}/mail/mailboxes/example.com/me/cur/1.mail:2,S`, 'a mail\n');
  box.write(`${root}/mail/mailboxes/example.com/me/dovecot-uidlist`, '3 V1 N2\n');
  box.write(`${root}/mail/queue/deferred/A/ABC`, 'a mail that waits\n');
  return box;
}

/** Another image, or the same again, after a reboot. */
export function launch(box: TemporaryBox, id: string): void {
  box.write('/usr/lib/box/image-id', `${id}\n`);
  box.write('/proc/sys/kernel/random/boot_id', `${Math.random()}\n`);
  rmSync(box.at('/run/box'), { recursive: true, force: true });
}

/** Each file's mode and digest, without what tells of the upgrade itself, and without the times of links and folders. */
export function state(box: TemporaryBox): Record<string, string> {
  const own = /user-data\/(letterbox\.json|status\.json|backup(\/.*)?|\.removed)$/;
  const told = ([file, text]: [string, string]) => {
    const [mode = '', , content = ''] = text.split(' ');
    return [file, `${mode} ${createHash('sha256').update(content).digest('hex').slice(0, 8)}`];
  };
  return Object.fromEntries(
    Object.entries(box.tree(root))
      .filter(([file]) => !own.test(file))
      .map(told),
  );
}
