import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { overlayFiles } from '../../../../builder/plan/overlay.ts';

/** A project folder with one role, `demo`, from file names to texts. */
function project(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'letterbox-overlay-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, 'overlays/demo', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

test('the release replaces what is common, and a template is rendered and loses its ending', (t) => {
  const root = project({ 'common/etc/a': 'common', 'common/etc/b.mustache': '{{size}}', 'new/etc/a': 'new' });
  t.deepEqual(
    overlayFiles('demo', ['new'], { size: 7 }, { root }).map(({ path: onBox, text, from }) => [
      onBox,
      text,
      from,
    ]),
    [
      ['/etc/a', 'new', 'overlays/demo/new/etc/a'],
      ['/etc/b', '7', 'overlays/demo/common/etc/b.mustache'],
    ],
  );
  rmSync(root, { recursive: true });
});

test('folders of a release are laid one over the other, a name may have a hole, and what is replaced is not rendered', (t) => {
  const root = project({
    'common/etc/a.mustache': '{{ofAnotherDialect}}',
    'common/etc/c': 'common',
    'family/etc/{{number}}/b.mustache': 'b of {{number}}',
    'family/etc/c': 'family',
    'new/etc/a': 'new',
    'new/etc/c': 'new',
  });
  t.deepEqual(
    overlayFiles('demo', ['family', 'new'], { number: '17' }, { root }).map(({ path: onBox, text }) => [
      onBox,
      text,
    ]),
    [
      ['/etc/a', 'new'],
      ['/etc/c', 'new'],
      ['/etc/17/b', 'b of 17'],
    ],
  );
  rmSync(root, { recursive: true });
});

test('the program that a role is lies between what is common and the release', (t) => {
  const root = project({
    'common/etc/a': 'common',
    'common/etc/b': 'common',
    'one/etc/a': 'one',
    'one/etc/c': 'one',
    'two/etc/a': 'two',
    'new/etc/c': 'new',
  });
  t.deepEqual(
    overlayFiles('demo', ['new'], {}, { root, software: 'one' }).map(({ path: onBox, text }) => [
      onBox,
      text,
    ]),
    [
      ['/etc/a', 'one'],
      ['/etc/b', 'common'],
      ['/etc/c', 'new'],
    ],
  );
  rmSync(root, { recursive: true });
});

test('an executable file is 0755, another 0644, and modes.yaml has the last word', (t) => {
  const root = project({
    'common/bin/run': '',
    'common/etc/key': '',
    'modes.yaml': '/etc/key: { mode: "0640", group: mail }',
  });
  chmodSync(path.join(root, 'overlays/demo/common/bin/run'), 0o755);
  t.deepEqual(
    overlayFiles('demo', ['new'], {}, { root }).map(({ path: onBox, mode, owner, group }) => [
      onBox,
      mode,
      owner,
      group,
    ]),
    [
      ['/bin/run', '0755', 'root', 'root'],
      ['/etc/key', '0640', 'root', 'mail'],
    ],
  );
  rmSync(root, { recursive: true });
});

test('a value that no template uses is an error', (t) => {
  const root = project({ 'common/etc/a': '' });
  t.throws(() => overlayFiles('demo', ['new'], { lost: 1 }, { root }), {
    message: /"lost" is used by no template/,
  });
  rmSync(root, { recursive: true });
});

test('a mode for a file that is in no layer is an error', (t) => {
  const root = project({ 'common/etc/a': '', 'modes.yaml': '/etc/gone: { mode: "0600" }' });
  t.throws(() => overlayFiles('demo', ['new'], {}, { root }), { message: /\/etc\/gone is in no layer/ });
  rmSync(root, { recursive: true });
});
