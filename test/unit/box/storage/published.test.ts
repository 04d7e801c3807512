/** What is published of an image, asked for at a web server of one's own: well, signed by another, changed, huge, slow, elsewhere. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { newestImageRuns } from '../../../../box/health/checks/image.ts';
import { fetchText } from '../../../../box/machine/fetch-text.ts';
import { lookForNewer, said, standingOf } from '../../../../box/storage/upgrade/compare.ts';
import { NotTold, NotTrusted } from '../../../../box/storage/upgrade/published.ts';
import { makeSecretKey } from '../../../../builder/trust/secret-key.ts';
import { signatureText } from '../../../../builder/trust/sign.ts';
import type { Image } from '../../../../contract/settings.ts';
import { imageComment } from '../../../../contract/trust/image-comment.ts';
import { publicKeyLine } from '../../../../contract/trust/public-key.ts';
import { image, settings, TemporaryBox } from '../temporary-box.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-published-'));
test.after.always(() => rmSync(folder, { recursive: true }));
const pair = { key: path.join(folder, 'key.pem'), certificate: path.join(folder, 'cert.pem') };
const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
const made = ['-keyout', pair.key, '-out', pair.certificate];
execFileSync('openssl', ['req', '-x509', ...ec, ...made, ...name], { stdio: 'ignore' });

const owner = makeSecretKey();
const bake = {
  name: image.name,
  version: '0.2.0',
  release: 'some-release',
  imageId: '0123456789abcdef',
  packagesDate: '2026-11-20',
  inputs: {},
  files: {},
};

type Files = Readonly<Record<string, string>>;

/** A folder as a bake leaves it. */
function published(manifest: Partial<typeof bake> = {}, signer = owner): Files {
  const told = { ...bake, ...manifest };
  const text = JSON.stringify(told);
  const sums = `${createHash('sha256').update(text).digest('hex')}  manifest.json\n`;
  const signature = signatureText(sums, imageComment(told), signer);
  return { SHA256SUMS: sums, 'SHA256SUMS.minisig': signature, 'manifest.json': text };
}

const serving =
  (files: Files): RequestListener =>
  ({ url = '' }, answer) => {
    const file = files[url.replace('/images/example/', '')];
    answer.writeHead(file === undefined ? 404 : 200).end(file);
  };

/** A box whose image names that server. */
async function boxBeside(t: ExecutionContext, listener: RequestListener) {
  const server = createServer(
    { key: readFileSync(pair.key), cert: readFileSync(pair.certificate) },
    listener,
  ).listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const box = TemporaryBox.fresh(t);
  box.write('/etc/ssl/certs/ca-certificates.crt', readFileSync(pair.certificate));
  box.write('/usr/lib/box/image-id', '305beb5bfb21acc6\n');
  box.write('/usr/lib/box/packages-date', '2026-11-01\n');
  const updates = { from: `https://localhost:${port}/images/example`, key: publicKeyLine(owner) };
  const ours: Image = { ...image, updates };
  box.write('/usr/lib/box/image.json', JSON.stringify(ours));
  const subject = { machine: box.machine, image: ours, settings, now: () => box.now };
  return { box, port, subject };
}

test('a newer one is told with its age and the next step; the status has a warning, and the command says both', async (t) => {
  const { box, subject } = await boxBeside(t, serving(published()));
  const [result] = await newestImageRuns(subject);
  t.like(result, {
    state: 'warning',
    text:
      'a newer one is published: Letterbox 0.2.0 for some-release (0123456789abcdef), its newest package of 2026-11-20, 4 days ago; ' +
      'this box is of Letterbox 0.1.0 for some-release (305beb5bfb21acc6), its newest package of 2026-11-01, 23 days ago',
  });
  t.regex(result?.remedy ?? '', /letterbox verify FOLDER .* root disk.*box\.restore/);
  t.is(await box.box('upgrade', 'check'), 0, box.complaints.join());
  t.is(box.said[0], result?.text);
  t.is(box.said[1], `next: ${result?.remedy}`);

  box.settle({ storage: { device: '/dev/vdb' } });
  t.is(await box.box('upgrade', 'check', '--json'), 0);
  const { standing, next } = JSON.parse(box.said.join('\n'));
  t.is(standing, 'newer');
  t.regex(next, /then poweroff, and launch a server of it with the volume \/dev\/vdb/);
});

test('the same, an older one and one of the same age are fine, and nothing is to be done', async (t) => {
  for (const [manifest, words] of [
    [{ imageId: '305beb5bfb21acc6', version: '0.1.0' }, /^this box is of the image that is published/],
    // Whoever can write there may bring an old one back, signature and all.
    [{ version: '0.0.9' }, /^what is published is older than what runs here/],
    [{ version: '0.1.0', packagesDate: '2026-10-31' }, /^what is published is older/],
    [{ version: '0.1.0', packagesDate: '2026-11-01' }, /^what is published is another one, and as old/],
    // The clock of the box is behind, or whoever baked was ahead.
    [{ version: '0.1.0', imageId: '305beb5bfb21acc6', packagesDate: '2027-01-01' }, /of 2027-01-01$/],
  ] as const) {
    const { subject } = await boxBeside(t, serving(published(manifest)));
    const [result] = await newestImageRuns(subject);
    t.is(result?.state, 'ok', result?.text);
    t.regex(result?.text ?? '', words);
  }
});

test('a clock that is ahead makes packages older, and no image newer', async (t) => {
  const { box, subject } = await boxBeside(
    t,
    serving(published({ version: '0.1.0', packagesDate: '2026-10-31' })),
  );
  box.now = new Date('2040-01-01T00:00:00Z');
  const compared = await lookForNewer(subject);
  t.is(compared?.standing, 'older');
  t.regex(compared === undefined ? '' : said(compared, box.now), /of 2026-10-31, 48\d\d days ago;/);
});

test('versions count before packages, as numbers', (t) => {
  const of = (version: string, packagesDate?: string, id = 'one') => ({
    id,
    version,
    release: 'r',
    packagesDate,
  });
  const ours = of('0.9.0', '2026-11-01', 'ours');
  t.is(standingOf(of('0.10.0', '2026-01-01'), ours), 'newer');
  t.is(standingOf(of('0.9.0', '2026-11-02'), ours), 'newer');
  t.is(standingOf(of('0.9.0', undefined), ours), 'other');
  t.is(standingOf(of('0.8.9', '2027-01-01'), ours), 'older');
  t.is(standingOf(of('0.8.9', '2027-01-01', 'ours'), ours), 'same');
  t.is(standingOf(of('nonsense', '2026-11-01'), ours), 'older');
});

const other = makeSecretKey();
const good = published();
for (const [what, files, words] of [
  ['of another key', published({}, other), /is by the key [0-9A-F]{16}, and the one named is/],
  [
    'of another key with the same number',
    published({}, { ...other, id: owner.id }),
    /does not fit what was signed/,
  ],
  [
    'whose sums were changed',
    { ...good, SHA256SUMS: `${good.SHA256SUMS}${good.SHA256SUMS}` },
    /does not fit/,
  ],
  [
    'that is no signature',
    { ...good, 'SHA256SUMS.minisig': '<html>log in</html>' },
    /is no signature in minisign/,
  ],
  ['whose manifest is another', { ...good, 'manifest.json': '{}' }, /is not the one that was signed/],
  ['of another image', published({ name: 'other' }), /has the image "other", and this box is of "example"/],
] as const)
  test(`a signature ${what}: not believed, and the status warns`, async (t) => {
    const { box, subject } = await boxBeside(t, serving(files));
    const error = await t.throwsAsync(lookForNewer(subject), { instanceOf: NotTrusted });
    t.regex(error?.message ?? '', words);
    t.like((await newestImageRuns(subject))[0], { state: 'warning', text: error?.message });
    t.is(await box.box('upgrade', 'check'), 1);
    t.regex(box.complaints[0] ?? '', words);
  });

test('a manifest that is not in the sums, and a trusted comment of another image, are not believed', async (t) => {
  const sums = `${'0'.repeat(64)}  example.qcow2\n`;
  const signed = signatureText(sums, imageComment(bake), owner);
  const without = { ...good, SHA256SUMS: sums, 'SHA256SUMS.minisig': signed };
  await t.throwsAsync(lookForNewer((await boxBeside(t, serving(without))).subject), {
    instanceOf: NotTrusted,
  });
  const comment = signatureText(good.SHA256SUMS ?? '', imageComment({ ...bake, version: '9' }), owner);
  const { subject } = await boxBeside(t, serving({ ...good, 'SHA256SUMS.minisig': comment }));
  await t.throwsAsync(lookForNewer(subject), { message: /tells of another image than the signature/ });
});

test('huge, missing, elsewhere, closed: told by the command, and no alarm of the status', async (t) => {
  const elsewhere: RequestListener = (_, answer) =>
    void answer.writeHead(302, { location: 'https://elsewhere.example/' }).end();
  const huge: RequestListener = (_, answer) => {
    answer.on('error', () => undefined).writeHead(200);
    const more = () => {
      while (!answer.destroyed && answer.write('x'.repeat(65_536)));
      if (!answer.destroyed) answer.once('drain', more);
    };
    more();
  };
  const hangsUp: RequestListener = (_, answer) => {
    answer.writeHead(200, { 'content-length': 1000 }).write('some');
    answer.destroy();
  };
  for (const [listener, words] of [
    [elsewhere, /SHA256SUMS: it leads elsewhere, to "https:\/\/elsewhere\.example\/"/],
    [huge, /SHA256SUMS: longer than 1048576 bytes/],
    [serving({}), /SHA256SUMS: the web server says 404/],
    [serving({ SHA256SUMS: good.SHA256SUMS ?? '' }), /SHA256SUMS\.minisig: the web server says 404/],
    [hangsUp, /aborted|ECONNRESET|hang up/],
  ] as const) {
    const { box, subject } = await boxBeside(t, listener);
    const error = await t.throwsAsync(lookForNewer(subject), { instanceOf: NotTold });
    t.regex(error?.message ?? '', words);
    t.like((await newestImageRuns(subject))[0], {
      state: 'ok',
      text: `could not be asked for: ${error?.message}`,
    });
    t.is(await box.box('upgrade', 'check'), 1);
  }
});

test('what was found there stands while nobody answers, so that it is mailed once', async (t) => {
  let files: Files = published();
  const { box, subject } = await boxBeside(t, (asked, answer) => serving(files)(asked, answer));
  const results = await newestImageRuns(subject);
  box.write('/run/box/status.json', JSON.stringify({ checkedAt: box.now.toISOString(), results }));
  files = {};
  t.deepEqual(await newestImageRuns(subject), results);
  files = published({ version: '0.1.0', imageId: '305beb5bfb21acc6' });
  t.is((await newestImageRuns(subject))[0]?.state, 'ok');
});

test('a certificate that nobody vouches for, and a server that is not there', async (t) => {
  const { box, subject } = await boxBeside(t, serving(good));
  box.write('/etc/ssl/certs/ca-certificates.crt', '');
  await t.throwsAsync(lookForNewer(subject), { instanceOf: NotTold, message: /certificate/ });
  const gone = { ...subject.image, updates: { from: 'https://localhost:1/', key: publicKeyLine(owner) } };
  await t.throwsAsync(lookForNewer({ ...subject, image: gone }), { message: /ECONNREFUSED/ });
});

test('a byte now and then is no answer', async (t) => {
  const { port } = await boxBeside(t, (_, answer) => {
    answer.writeHead(200);
    const drip = setInterval(() => answer.write('x'), 20);
    answer.on('close', () => clearInterval(drip));
  });
  const where = {
    host: 'localhost',
    port,
    path: '/',
    accept: '*/*',
    ca: readFileSync(pair.certificate, 'utf8'),
  };
  const limits = { patience: 300, mostBytes: 1000, faultOf: () => undefined };
  await t.throwsAsync(fetchText({ ...where, ...limits }), { message: 'no whole answer after 0.3 s' });
});

test('an image that names no place has its box ask nobody, and say so when it is asked', async (t) => {
  const box = TemporaryBox.fresh(t);
  t.deepEqual(await newestImageRuns({ machine: box.machine, image, settings, now: () => box.now }), []);
  t.is(await box.box('upgrade', 'check'), 1);
  t.regex(box.complaints[0] ?? '', /does not say where newer ones are published -> name the place/);
});
