/** A role with a typo: the daemon's own check fails the bake, and what is left shows why. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import anyTest from 'ava';
import { bakeImage } from '../../builder/bake/image.ts';
import { BakeError } from '../../builder/bake/packer.ts';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { Progress, type ProgressEvent } from '../../builder/host/progress.ts';
import { overlayTarball } from '../../builder/outputs/overlay-tarball.ts';
import { bundles } from '../../builder/plan/bundles.ts';

const typo = 'smtpd_tls_secutiry_level = may';

anyTest('a typo in main.cf fails the bake at Postfix’s own check; disk and log are kept', async (t) => {
  t.timeout(10 * 60_000);
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

  const error = await t.throwsAsync(bakeImage({ ...compiled, imageFiles }, out, progress), {
    instanceOf: BakeError,
  });

  t.regex(error.message, /letterbox: role postfix: .* failed/);
  t.regex(error.message, /smtpd_tls_secutiry_level/, "the daemon's own words name the typo");
  t.regex(error.message, /look inside: npx letterbox inspect /);
  const work = path.join(out, 'bake-work');
  t.true(existsSync(path.join(work, 'disk/example.qcow2')), 'the disk is kept');
  t.regex(readFileSync(path.join(work, 'packer.log'), 'utf8'), /letterbox: step 80-verify/);
  t.false(existsSync(path.join(out, 'example.qcow2')), 'no image came of it');
  const base = events.find((event) => event.type === 'done');
  t.regex(base?.type === 'done' ? base.note : '', /^cached/, 'another overlay needs no other base');
  t.false(existsSync(path.join(work, 'qemu.pid')), 'its machine has ended, which takes its pid file along');
  rmSync(path.dirname(out), { recursive: true });
});
