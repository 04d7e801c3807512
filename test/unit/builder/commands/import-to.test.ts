/** The commands that import an image: the same printed and run, in order, with nothing left unsaid. The tools are stand-ins. */
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ExportError } from '../../../../builder/bake/export-for.ts';
import { noteExport } from '../../../../builder/bake/exported.ts';
import { writeManifest } from '../../../../builder/bake/manifest.ts';
import { ImportError, leftBehind } from '../../../../builder/bake/run-import.ts';
import { importThere, readyImport, scriptOf } from '../../../../builder/commands/import-to.ts';
import { parseConfig } from '../../../../builder/config/load.ts';
import { run } from '../../../../builder/host/run.ts';
import { unknownWords, wordsIn } from '../../../../builder/outputs/import-script.ts';
import { type Cloud, endingOf } from '../../../../clouds/cloud.ts';
import { cloudOf, clouds } from '../../../../clouds/index.ts';
import { fakeTools } from './fake-tools.ts';

const config = parseConfig(
  `name: small
release: debian-12
box:
  hostname: box.example.com
  admin: { email: me@example.com }
  sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleKeyPutYourOwnPublicKeyHereInstead000]
clouds:
  ec2: { region: eu-central-1, instance_type: t3.small }
  hetzner: { server_type: cx23, location: fsn1 }
  oracle: { availability_domain: a, region: r, compartment_ocid: ocid1.c, subnet_ocid: s, shape: x, base_image_ocid: i, ssh_username: root }
`,
  'box.yaml',
).config;

const importers = clouds.filter((cloud) => cloud.import !== undefined);
const commandsOf = (cloud: Cloud) => {
  if (cloud.import === undefined) throw new Error(`${cloud.name} imports nothing`);
  return cloud.import.commands;
};
const toolsOf = (cloud: Cloud) => commandsOf(cloud).steps.map(({ argv: [tool] }) => tool);
const silent = () => {};

/** A folder in which the cloud's file lies as an export leaves it; what is in it matters to none here. */
function exported(t: ExecutionContext, cloud: Cloud): string {
  const out = mkdtempSync(path.join(tmpdir(), 'letterbox-import-'));
  t.teardown(() => rmSync(out, { recursive: true }));
  const sha256 = 'c0ffee42'.repeat(8);
  writeFileSync(path.join(out, 'small.qcow2'), 'DISK');
  writeManifest(out, {
    name: 'small',
    version: '0',
    release: 'debian-12',
    inputs: {},
    files: { 'small.qcow2': { bytes: 4, sha256 } },
  });
  const file = path.join(out, `small${cloud.import === undefined ? '' : endingOf(cloud.import)}`);
  const besides = cloud.import?.format === 'ova' ? { name: 'small', cpus: 2, memory: 1024 ** 3 } : null;
  writeFileSync(file, 'DISK');
  noteExport(out, file, { image: sha256, besides }, '');
  return out;
}

/** Everything that the config does not say, said. */
function allSet(cloud: Cloud, out: string): string[] {
  const { values } = readyImport(config, cloud, out, []);
  return unknownWords(commandsOf(cloud), values).map((word) => `${word}=my-${word.replaceAll('_', '-')}`);
}

async function refusal(t: ExecutionContext, attempt: () => unknown): Promise<string> {
  const error = await t.throwsAsync(async () => attempt());
  t.true(error instanceof ImportError || error instanceof ExportError);
  return error?.message ?? '';
}

for (const cloud of importers) {
  test(`${cloud.name}: each word is the config’s, an earlier command’s, or is explained`, (t) => {
    const { steps, fill } = commandsOf(cloud);
    const own = ['file', 'object', 'image'];
    const options = cloud.builders.flatMap((builder) => Object.keys(builder.options));
    const given = steps.flatMap(({ gives }) => gives ?? []);
    const known = [...own, ...options, ...given, ...Object.keys(fill)];
    const unknown = unknownWords(commandsOf(cloud), Object.fromEntries(own.map((word) => [word, 'x'])));
    t.deepEqual(
      unknown.filter((word) => !known.includes(word)),
      [],
    );
    t.deepEqual(
      Object.keys(fill).filter((word) => !unknown.includes(word)),
      [],
      'explained, and used',
    );
    t.true(steps.some(({ argv, input }) => wordsIn([...argv, input ?? '']).includes('file')));
    for (const { gone } of steps) if (gone !== undefined) t.true(given.includes(gone));
  });

  test(`${cloud.name}: what makes something says what removes it`, (t) => {
    const makes = /^(cp|import|upload|create|register|image-upload|put|scp|qm create)/;
    const { steps } = commandsOf(cloud);
    const making = steps.filter(({ argv }) => argv.some((word) => makes.test(word)));
    t.true(making.length > 0);
    for (const { argv, undo } of making) t.truthy(undo, argv.join(' '));
  });

  test.serial(`${cloud.name}: what is printed, in a shell, asks the same as what is run`, async (t) => {
    const out = exported(t, cloud);
    const { asked } = fakeTools(t, toolsOf(cloud));
    const set = allSet(cloud, out);
    await importThere(readyImport(config, cloud, out, set), silent);
    const ran = asked();
    t.is(ran.length, commandsOf(cloud).steps.filter(({ later }) => later === undefined).length);
    t.notRegex(ran.join('\n'), /[<{][a-z_]+[}>]/, 'every word has its value');

    const file = path.join(out, 'import.sh');
    const values = set.map((line) => line.split('=') as [string, string]);
    const filledIn = scriptOf(readyImport(config, cloud, out, [])).replaceAll(
      /^([a-z_]+)= #.*$/gm,
      (_, word: string) => `${word}='${new Map(values).get(word)}'`,
    );
    writeFileSync(file, filledIn);
    await run(['sh', file]);
    t.deepEqual(asked(), ran);
  });
}

test.serial(
  'printed, each command has its number, its undoing, and a variable for what is not known',
  (t) => {
    const cloud = cloudOf('ec2');
    const out = exported(t, cloud);
    const lines = scriptOf(readyImport(config, cloud, out, [])).split('\n');
    t.deepEqual(lines.slice(0, 12), [
      '# Amazon EC2: not tried on the real cloud. The AWS CLI knows who you are, and the account has the role vmimport, which may read the bucket.',
      '# To be filled in:',
      'bucket= # a bucket of yours in that region',
      'set -eu',
      '',
      '# 1. the disk goes to the bucket',
      `aws s3 cp ${out}/small.raw "s3://\${bucket}/small-c0ffee42.raw" --region eu-central-1`,
      `#   undone by: aws s3 rm "s3://\${bucket}/small-c0ffee42.raw" --region eu-central-1`,
      '',
      '# 2. a snapshot is made of it',
      `task=$(aws ec2 import-snapshot --region eu-central-1 --description small-c0ffee42 --disk-container "Format=RAW,UserBucket={S3Bucket=\${bucket},S3Key=small-c0ffee42.raw}" --query ImportTaskId --output text)`,
      `#   undone by: aws ec2 cancel-import-task --region eu-central-1 --import-task-id "\${task}"`,
    ]);
  },
);

test.serial('the disk itself goes in where a command reads it', async (t) => {
  const cloud = cloudOf('hetzner');
  const out = exported(t, cloud);
  const { asked } = fakeTools(t, toolsOf(cloud), { said: '192.0.2.7' });
  const { gave } = await importThere(readyImport(config, cloud, out, ['ssh_key=me']), silent);
  t.deepEqual(gave, { address: '192.0.2.7' });
  t.regex(asked()[5] ?? '', /^ssh .*\[root@192\.0\.2\.7\] \[zstd .* dd of=\/dev\/sda .*\] < DISK$/);
});

test.serial(
  'the first command that fails is the last; what is there then is said, the newest first, with what removes it',
  async (t) => {
    const cloud = cloudOf('ec2');
    const out = exported(t, cloud);
    const { asked } = fakeTools(t, ['aws'], { fails: 'register-image' });
    const said = await refusal(t, () => importThere(readyImport(config, cloud, out, ['bucket=b']), silent));
    t.deepEqual(said.split('\n'), [
      'the import failed at command 5 of 6 (the image is registered): aws exited 3:',
      'it said no',
      'left behind there, as far as it came; remove it by:',
      "  aws ec2 deregister-image --region eu-central-1 --image-id '<ami>'",
      '  aws ec2 delete-snapshot --region eu-central-1 --snapshot-id id-1',
      '  aws s3 rm s3://b/small-c0ffee42.raw --region eu-central-1',
    ]);
    t.is(asked().length, 5);
  },
);

test.serial('a command that gives no id has failed, and its undoing says what is not known', async (t) => {
  const cloud = cloudOf('scaleway');
  const out = exported(t, cloud);
  fakeTools(t, toolsOf(cloud), { said: '' });
  const said = await refusal(t, () =>
    importThere(readyImport(config, cloud, out, allSet(cloud, out)), silent),
  );
  t.regex(said, /command 2 of 5 .*no snapshot came of it \(a snapshot is made of it\), but ""/);
  t.regex(said, /remove it by:\n {2}scw block snapshot delete '<snapshot>' zone=my-zone\n {2}aws s3 rm /);
});

test.serial('what has to wait is told and not run', async (t) => {
  const cloud = cloudOf('digitalocean');
  const out = exported(t, cloud);
  const { asked } = fakeTools(t, toolsOf(cloud));
  const { later } = await importThere(readyImport(config, cloud, out, ['region=fra1', 'space=s']), silent);
  t.deepEqual(later, [
    'when the image is there: aws s3 rm s3://s/small-c0ffee42.raw.gz --endpoint-url https://fra1.digitaloceanspaces.com',
  ]);
  t.is(asked().length, 2);
});

test.serial(
  'a value that is not said and a tool that is not there are refused before anything runs',
  async (t) => {
    const cloud = cloudOf('oracle');
    const out = exported(t, cloud);
    const { asked } = fakeTools(t, []);
    t.is(
      await refusal(t, () => importThere(readyImport(config, cloud, out, []), silent)),
      'it is not said, with --set or in the config:\n  --set bucket=...  a bucket of yours in that region',
    );
    t.regex(
      await refusal(t, () => importThere(readyImport(config, cloud, out, ['bucket=b']), silent)),
      /^oci is not installed: install it, or leave out --run/,
    );
    t.deepEqual(asked(), []);
    t.is(
      await refusal(t, () => readyImport(config, cloud, out, ['buckett=b'])),
      'no command for Oracle Cloud has the word buckett: there are bucket, file, object, compartment_ocid, image',
    );
    for (const wrong of ['bucket', 'bucket=', '=b', 'Bucket=b', 'bucket=a b', 'bucket={image}'])
      t.regex(await refusal(t, () => readyImport(config, cloud, out, [wrong])), /is no word=value/);
  },
);

test('what a later command removed, or what has gone by itself, is not left behind', (t) => {
  const make = { does: 'made', argv: ['make'], undo: ['unmake'] } as const;
  const task = { does: 'begun', argv: ['begin'], gives: 'task', undo: ['stop', '{task}'] } as const;
  const ended = { does: 'ended', argv: ['end'], gone: 'task', undo: ['remove'] } as const;
  const remove = { does: 'removed', argv: ['unmake'] } as const;
  const last = { does: 'failed', argv: ['fail'] } as const;
  t.deepEqual(leftBehind([make, task, last]), [['stop', '{task}'], ['unmake']]);
  t.deepEqual(leftBehind([make, task, ended, last]), [['remove'], ['unmake']]);
  t.deepEqual(leftBehind([make, remove, last]), []);
  t.deepEqual(leftBehind([make, remove]), [['unmake']], 'the last one is the one that failed');
});

test('a file that is not there, or is another image’s, is to be exported first', async (t) => {
  const cloud = cloudOf('hetzner');
  const out = exported(t, cloud);
  const file = path.join(out, 'small.raw.zst');
  t.true(statSync(file).isFile());
  utimesSync(file, 1, 1);
  t.regex(
    await refusal(t, () => readyImport(config, cloud, out, [])),
    /small\.raw\.zst must be made first \(it was written to since\): letterbox export --for hetzner$/,
  );
  rmSync(file);
  t.regex(
    await refusal(t, () => readyImport(config, cloud, out, [])),
    /must be made first \(it was removed\)/,
  );
  rmSync(path.join(out, 'manifest.json'));
  t.regex(await refusal(t, () => readyImport(config, cloud, out, [])), /bake it first/);
});
