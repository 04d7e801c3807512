/** A role with a typo: the daemon's own check fails the bake, and what is left shows why. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import anyTest from 'ava';
import { BakeError } from '../../builder/bake/bake-error.ts';
import { bakeImage } from '../../builder/bake/image.ts';
import { inspectFailedBake } from '../../builder/commands/inspect.ts';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { Progress, type ProgressEvent } from '../../builder/host/progress.ts';
import { overlayTarball } from '../../builder/outputs/overlay-tarball.ts';
import { bundles } from '../../builder/plan/bundles.ts';
import { outcome, output } from '../rig/program.ts';

const typo = 'smtpd_tls_secutiry_level = may';

anyTest('a typo in main.cf fails the bake at Postfix’s own check; tree and log are kept', async (t) => {
  t.timeout(5 * 60_000);
  const out = path.join(mkdtempSync(path.join(tmpdir(), 'letterbox-broken-')), 'example');
  const compiled = await compile(loadConfig('example.yaml').config);
  const broken = compiled.plan.files.map((file) =>
    file.path === '/etc/postfix/main.cf' ? { ...file, text: `${file.text}${typo}\n` } : file,
  );
  t.is(broken.filter(({ text }) => text.includes(typo)).length, 1);
  const content = await overlayTarball([...broken, ...bundles()]);
  const overlay = { path: 'bake/overlay.tar', content };
  const imageFiles = compiled.imageFiles.map((file) => (file.path === overlay.path ? overlay : file));
  const events: ProgressEvent[] = [];
  const progress = new Progress((event) => events.push(event), [1, 1, 1]);
  const mountsBefore = mounts();

  const error = await t.throwsAsync(bakeImage({ ...compiled, imageFiles }, out, progress, 'native'), {
    instanceOf: BakeError,
  });

  t.regex(error.message, /letterbox: role postfix: .* failed/);
  t.regex(error.message, /smtpd_tls_secutiry_level/, "the daemon's own words name the typo");
  const work = path.join(out, 'bake-work');
  const enter = path.join(work, 'enter');
  t.true(
    error.message.includes(`look inside: ${enter}\n`) || error.message.endsWith(`look inside: ${enter}`),
  );
  t.true(existsSync(path.join(work, 'tree.tar')), 'the tree is kept');
  t.regex(readFileSync(path.join(work, 'bake.log'), 'utf8'), /letterbox: step 80-verify/);
  t.false(existsSync(path.join(out, 'example.qcow2')), 'no image came of it');
  const base = events.find((event) => event.type === 'done');
  t.regex(base?.type === 'done' ? base.note : '', /^cached/, 'another overlay needs no other base');
  t.deepEqual(mounts(), mountsBefore, 'nothing stays mounted');
  t.deepEqual(readdirSync(path.join(work, 'place')), [], 'nor unpacked');

  t.is(await inspectFailedBake(out), enter);
  t.is(await output([enter, 'tail', '-n', '1', '/etc/postfix/main.cf']), `${typo}\n`, 'one can look inside');
  const again = await outcome([enter, '/usr/lib/box/verify-postfix']);
  t.is(again.code, 1, 'and run the check again');
  t.regex(again.stderr, /smtpd_tls_secutiry_level/);
  rmSync(path.dirname(out), { recursive: true });
});

/** But for network namespaces, which another file's lab makes and removes. */
const mounts = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('nsfs '));
