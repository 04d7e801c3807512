/** Ubuntu 14.04 without a machine to boot it on: its Upstart jobs and scripts, looked at from outside. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { loadConfig } from '../../../builder/config/load.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { releases } from '../../../releases/index.ts';
import type { Release } from '../../../releases/release.ts';

const release = releases.get('ubuntu-14.04') as Release;
const plan = makePlan(loadConfig('examples/guide.yaml').config, release);
const text = (name: string): string => {
  const file = plan.files.find((one) => one.path === name);
  if (file === undefined) throw new Error(`${name} is not in the plan`);
  return file.text;
};
const jobs = plan.files.filter((file) => file.path.startsWith('/etc/init/'));

/** The stanzas of init(5) in Upstart 1.12 that begin a line, with one word or two. */
const stanzas = new Set(
  'author,console,description,emits,env,exec,expect,export,kill signal,kill timeout,limit,manual,nice,normal exit,oom,post-start,post-stop,pre-start,pre-stop,respawn,respawn limit,script,setgid,setuid,start on,stop on,task,umask,version'.split(
    ',',
  ),
);

interface Job {
  readonly stanzas: ReadonlyMap<string, string>;
  readonly scripts: readonly string[];
}

/** What an event says of how a job ended: stopping(7) and stopped(7) have it, and no process of that job. */
const ends = /\b(RESULT|PROCESS|EXIT_STATUS|EXIT_SIGNAL)\b/;

/** Reads a job as Upstart does, as far as our jobs need it. @throws Error for anything that init(5) doesn't have */
function readJob(source: string): Job {
  const found = new Map<string, string>();
  const scripts: string[] = [];
  const lines = source.replace(/\\\n/g, ' ').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] as string).replace(/(^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const [first = '', second = ''] = line.split(/\s+/);
    const name = stanzas.has(`${first} ${second}`) ? `${first} ${second}` : first;
    if (!stanzas.has(name)) throw new Error(`no stanza: ${line}`);
    // Of these a job may have several, a variable or a limit each.
    if (found.has(name) && name !== 'env' && name !== 'limit') throw new Error(`twice: ${name}`);
    found.set(name, line.slice(name.length).trim());
    if (!/^script$|^(pre|post)-(start|stop) script$/.test(line)) continue;
    const end = lines.findIndex((other, at) => at > i && other.trim() === 'end script');
    if (end < 0) throw new Error(`script without end: ${name}`);
    scripts.push(lines.slice(i + 1, end).join('\n'));
    i = end;
  }
  for (const event of [found.get('start on') ?? '', found.get('stop on') ?? '']) {
    const depth = [...event].reduce(
      (open, c) => (open < 0 ? open : open + (c === '(' ? 1 : c === ')' ? -1 : 0)),
      0,
    );
    if (depth !== 0) throw new Error(`parentheses: ${event}`);
  }
  if (found.has('exec') && found.has('script')) throw new Error('exec and script');
  return { stanzas: found, scripts };
}

const job = (name: string) => readJob(text(`/etc/init/${name}.conf`)).stanzas;

for (const file of jobs) {
  test(`${file.path} is a job that init(5) allows`, (t) => {
    const { stanzas: found, scripts } = readJob(file.text);
    // A task without an event is started by the box program.
    const starts = found.has('start on') || found.has('task');
    // Somebody else's job is put out of the way, or something is done before or after it.
    const adds =
      found.has('manual') || [...found.keys()].some((name) => /^(?:pre-start|post-stop)\b/.test(name));
    t.true(file.path.endsWith('.conf') ? starts && found.has('description') : adds);
    // /bin/sh -e runs them.
    for (const script of scripts) t.is(spawnSync('sh', ['-n'], { input: script }).status, 0, script);
    for (const [stanza, words] of found) if (/^(?:pre|post)-/.test(stanza)) t.notRegex(words, ends, stanza);
    if (!/^stopp(?:ed|ing) /.test(found.get('start on') ?? ''))
      for (const script of scripts) t.notRegex(script, ends, 'is not told');
  });
}

test('a run of cloud-init is noted as done where it came to its end, and nowhere else', (t) => {
  const users = jobs.filter((file) => file.text.includes('cloud-init-run end')).map((file) => file.path);
  t.deepEqual(users, ['/etc/init/box-cloud-init.conf']);
  t.is(job('box-cloud-init').get('start on'), 'stopped cloud-init RESULT=ok');
  t.is(job('box-cloud-init').get('exec'), '/usr/lib/box/cloud-init-run end');
});

test('the job reader refuses what Upstart would', (t) => {
  for (const source of [
    'starton runlevel [2345]',
    'script\ntrue',
    'start on (a and b',
    'exec a\nscript\nend script',
    'task\ntask',
  ]) {
    t.throws(() => readJob(source), undefined, source);
  }
});

test('the order of a boot: fence before network, box init after cloud-init, services and open fence after its success', (t) => {
  t.regex(job('box-fence').get('start on') ?? '', /starting network-interface.* or starting networking/);
  t.is(job('box-fence').get('stop on'), undefined, 'the fence is never taken down');
  const init = job('box-init').get('start on') ?? '';
  for (const event of ['started box-fence', 'stopped cloud-config', 'stopped rc RUNLEVEL=[2345]']) {
    t.true(init.includes(event), event);
  }
  t.notRegex(init, / or /);
  t.is(job('box-ready').get('start on'), 'stopped box-init RESULT=ok');
  t.regex(job('box-rndc-key').get('start on') ?? '', /^starting rc /);
  for (const name of ['box-init', 'box-ready']) {
    t.true(job(name).has('task'), name);
    t.is(job(name).get('console'), 'output', name);
  }
  t.false(release.servicesWaitForInit);
  t.regex(text('/etc/init/box-ready.conf'), new RegExp(`: ${plan.image.services.join(' ')}\\.`));
});

test('nothing in the tree is meant for systemd, nftables or unbound', (t) => {
  const foreign = plan.files.filter((file) =>
    /systemd|tmpfiles\.d|nft|unbound|sshd_config\.d|netplan/.test(file.path),
  );
  t.deepEqual(
    foreign.map((file) => file.path),
    [],
  );
});

test('every command of the release and every check that is our own is a program in the tree', (t) => {
  const own = [...Object.values(release.commands), ...plan.verify.map(({ argv }) => argv)]
    .map((argv) => argv[0])
    .filter((program) => program.startsWith('/'));
  for (const program of own) t.is(plan.files.find((file) => file.path === program)?.mode, '0755', program);
});

test('every shell script in the tree is one', (t) => {
  const scripts = plan.files.filter((file) => file.text.startsWith('#!/bin/sh\n'));
  t.true(scripts.length >= 5);
  for (const file of scripts) t.is(spawnSync('sh', ['-n'], { input: file.text }).status, 0, file.path);
});

test("cloud-init's file comes after the package's own and reads the same in YAML 1.1 and 1.2", (t) => {
  const file = plan.files.find(({ path: name }) => name.startsWith('/etc/cloud/cloud.cfg.d/'));
  t.true(path.basename(file?.path ?? '') > '90_dpkg.cfg');
  const [old, now] = (['1.1', '1.2'] as const).map((version) => parse(file?.text ?? '', { version }));
  t.deepEqual(old, now);
  t.true(now.cloud_init_modules.includes('write-files'));
  t.is(now.datasource_list.at(-1), 'None');
});

/** Runs `/usr/lib/box/service` with a folder of its own for /etc/init and stand-ins for initctl and service. */
function service(status: string, ...args: string[]): { code: number | null; calls: string[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-service-'));
  const log = path.join(folder, 'calls');
  mkdirSync(path.join(folder, 'init'));
  writeFileSync(path.join(folder, 'init/dovecot.conf'), '');
  writeFileSync(log, '');
  // Like the real ones: status exits 0 whatever the job does, and not every script can reload.
  const programs = {
    initctl: `echo "initctl $*" >>${log}; if [ "$1" = status ]; then echo "$2 ${status}"; fi`,
    service: `echo "service $*" >>${log}; [ "$2" != reload ]`,
  };
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  const script = text('/usr/lib/box/service')
    .replaceAll('/etc/init/', `${folder}/init/`)
    .replaceAll('/usr/sbin/service', `${folder}/service`);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { status: code } = spawnSync('sh', ['-s', ...args], { input: script, env });
  const calls = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  rmSync(folder, { recursive: true });
  return { code, calls };
}

test('service: a stopped Upstart job does not run, whatever exit code status has', (t) => {
  t.is(service('start/running, process 7', 'runs', 'dovecot').code, 0);
  t.not(service('stop/waiting', 'runs', 'dovecot').code, 0);
});

test('service: a running job is not started again, a stopped one is; restart works from both', (t) => {
  const start = 'initctl start dovecot';
  t.deepEqual(service('start/running', 'start', 'dovecot'), { code: 0, calls: ['initctl status dovecot'] });
  t.true(service('stop/waiting', 'start', 'dovecot').calls.includes(start));
  t.deepEqual(service('start/running', 'restart', 'dovecot').calls.slice(1), ['initctl stop dovecot', start]);
  t.deepEqual(service('stop/waiting', 'restart', 'dovecot').calls.slice(1), [start]);
});

test('service: System V scripts are asked by name, and one that can not reload is restarted', (t) => {
  t.deepEqual(service('', 'start', 'postfix').calls, ['service postfix start']);
  t.deepEqual(service('', 'runs', 'postfix').calls, ['service postfix status']);
  t.deepEqual(service('', 'reload', 'postfix').calls, ['service postfix reload', 'service postfix restart']);
  t.is(service('', 'dance', 'postfix').code, 64);
});

test('the base image and Node.js are pinned by digest', (t) => {
  t.is(release.base.kind, 'cloud-image');
  if (release.base.kind === 'cloud-image') t.regex(release.base.sha256, /^[0-9a-f]{64}$/);
  if (release.node.from !== 'npm') return t.fail('the archive has no Node.js that is new enough');
  t.regex(release.node.package, /@\d+\.\d+\.\d+$/);
  t.is(Buffer.from(release.node.integrity.replace(/^sha512-/, ''), 'base64').length, 64);
});

/** One run of the watch, with a service command and an initctl of the test's own. Gives what it called. */
function watch(root: string, runs: readonly string[], idle: boolean): string {
  const calls = path.join(root, 'calls');
  writeFileSync(calls, '');
  const program = (name: string, script: string) => {
    writeFileSync(path.join(root, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(root, name), 0o755);
  };
  program(
    'service',
    `[ "$1" = runs ] && case "$2" in ${runs.join('|') || 'none'}) exit 0;; *) exit 1;; esac\necho "$*" >>${calls}`,
  );
  program(
    'initctl',
    `[ "$1" = status ] && { echo "$2 ${idle ? 'stop/waiting' : 'start/running'}"; exit; }\necho "initctl $*" >>${calls}`,
  );
  program('logger', 'true');
  const env = { PATH: `${root}:${process.env.PATH}`, BOX_RUN: root, BOX_SERVICE: path.join(root, 'service') };
  const { status, stderr } = spawnSync('sh', ['-s'], { input: text('/usr/lib/box/watch'), env });
  if (status !== 0) throw new Error(String(stderr));
  return readFileSync(calls, 'utf8');
}

test('the watch starts what is down, with pauses that grow, and leaves alone what is to stay down', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'letterbox-watch-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  t.is(watch(root, [], true), '', 'not before the first try of this boot');
  writeFileSync(path.join(root, 'ready.json'), '{}');
  t.is(watch(root, [], false), '', 'nor while a try is under way');
  t.is(watch(root, [], true), 'initctl start --no-wait box-init\n');
  writeFileSync(path.join(root, 'ready.json'), '{\n  "fenceOpen": true\n}');
  const others = plan.image.services.filter((name) => name !== 'postfix');
  t.is(watch(root, others, true), 'start postfix\n');
  t.is(watch(root, others, true), '', 'then a pause');
  t.regex(readFileSync(path.join(root, 'watch/postfix'), 'utf8'), /^120 \d+\n$/);
  writeFileSync(path.join(root, 'watch/postfix'), '1800 0\n');
  t.is(watch(root, others, true), 'start postfix\n');
  t.regex(readFileSync(path.join(root, 'watch/postfix'), 'utf8'), /^1800 \d+\n$/, 'half an hour at most');
  t.is(watch(root, [...others, 'postfix'], true), '');
  writeFileSync(path.join(root, 'watch/postfix.off'), '');
  t.is(watch(root, others, true), '');
});
