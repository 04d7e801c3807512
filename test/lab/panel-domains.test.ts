/** The control panel’s pages of what a domain shows to the world: DNS, certificate, web sites; each action by its effect. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { complainsOfNothing, panelLab } from './world/panel-lab.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-panel-domains'));

test('DNS: records and their reasons, the registrar’s steps, and one’s own records', async (t) => {
  const { box, person } = await ready;
  const seen = async (name: string, type: string) =>
    (await box.run(`dig +short @${box.host} ${name} ${type}`)).trim();
  await person.go('DNS');
  await person.unfold(/Add a record/);
  await person.fill('Name', 'files.example.com');
  await person.fill('Value', 'no address');
  await person.press('Add record');
  await person.sees('.wrong', /address/);
  await person.fill('Value', '192.0.2.7');
  await person.press('Add record');
  await person.said(/^Added A of files\.example\.com\. updated DNS: example\.com$/);
  t.is(await seen('files.example.com', 'A'), '192.0.2.7');
  await person.press('Remove A of files.example.com');
  await person.said(/^Removed A of files\.example\.com\./);
  t.is(await seen('files.example.com', 'A'), '');
  await person.press('Undo');
  await person.said(/^Added A/);
  t.is(await seen('files.example.com', 'A'), '192.0.2.7');

  await person.unfold(/At the registrar of example\.com/);
  const ds = (await box.run('box dns ds')).toLowerCase();
  await person.press('Copy DS record of example.com');
  await person.said(/^Copied: DS record of example\.com\.$/);
  const copied = String(await person.page.evaluate('navigator.clipboard.readText()'));
  t.regex(copied, /^\d+ \d+ 2 [0-9a-f]{64}$/);
  t.true(ds.includes(copied), `${copied} in ${ds}`);
  t.regex(await person.text(), new RegExp(`ns1\\.${hostname.replaceAll('.', '\\.')} ${box.host}`));

  await person.unfold(/records of example\.com/);
  await person.press('Copy MX of example.com');
  t.is(await person.page.evaluate('navigator.clipboard.readText()'), `10 ${hostname}.`);
});

test('DNS: secondary name servers are the whole list anew, with the way back', async (t) => {
  const { box, person } = await ready;
  const list = async () => (await box.run('box dns secondary list')).trim();
  await person.go('DNS');
  await person.unfold(/Secondary name servers/);
  await person.fill('Servers (optional)', 'not a name!');
  await person.press('Save servers');
  await person.sees('.wrong', /neither a host name nor/);
  await person.fill('Servers (optional)', 'xfr:192.0.2.53');
  await person.press('Save servers');
  await person.said(/^Saved the secondary name servers\. Nothing changed by it\./);
  t.regex(await list(), /xfr:192\.0\.2\.53/);
  await person.press('Undo');
  await waitFor('the list as it was', async () => ((await list()).includes('192.0.2.53') ? undefined : true));
  t.notRegex(await list(), /192\.0\.2\.53/);
});

test('a certificate of an authority: the request, what is wrong with an answer, and the right one in service', async (t) => {
  const { box, person, ca } = await ready;
  await person.go('Certificate');
  t.regex(await person.text(), /Warning\s+box\.example\.com\s+The certificate is self-signed/);
  await person.press('Get a certificate');
  await person.sees('.wrong', /please tick this/);
  await person.named('checkbox', 'I agree to the authority’s terms, and to its publishing the names').click();
  await person.press('Get a certificate');
  // No authority can be reached from the lab; acme.test.ts has one.
  await person.sees('.wrong', /\(.+\)$/);
  await person.unfold(/A certificate from elsewhere/);
  await person.press('Make a request');
  await person.said(/^Made a request/);
  const request = await person.text('#request');
  await person.press('Copy request');
  t.is(String(await person.page.evaluate('navigator.clipboard.readText()')).trim(), request.trim());
  const names = [hostname, `mta-sts.${hostname}`, 'mta-sts.example.com'];
  const signed = await ca.sign(request, ...names);
  const install = async (cert: string) => {
    await person.fill('Certificate', cert);
    await person.press('Install certificate');
  };
  await install('nothing of the kind');
  await person.sees('details .wrong', /there is no certificate in the file/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'cert');
  await install(signed);
  await person.sees('details .wrong', /no authority that this box trusts stands behind/);
  t.is(await person.page.evaluate('document.activeElement.name'), 'chain');
  await box.run(ca.install.script, ca.install.input);
  await install(signed);
  await person.said(/^The certificate is in service\.$/);
  t.regex(await box.run('box tls show'), /^issuer {3}CN=The lab.*authority$/m);
  t.regex(await person.text(), /box\.example\.com\s+The certificate expires in (29|28) days/);
});

test('web sites: pages by an archive and by a folder, and a change by hand', async (t) => {
  const { box, person, folder } = await ready;
  const shown = async (where = '/') => {
    const asked = await outcome([
      ...[...box.prefix, 'curl', '--disable', '-sS', '--insecure', '--max-time', '20'],
      ...['--resolve', `example.com:443:${box.host}`, `https://example.com${where}`],
    ]);
    return asked.stdout;
  };
  const pages = path.join(folder, 'pages');
  mkdirSync(path.join(pages, 'deep', '.git'), { recursive: true });
  writeFileSync(path.join(pages, 'index.html'), '<p>from an archive</p>');
  writeFileSync(path.join(pages, 'deep', 'ä.txt'), 'deep');
  writeFileSync(path.join(pages, 'deep', '.git', 'config'), 'hidden');
  const archive = path.join(folder, 'pages.tar.gz');
  await outcome(['tar', 'czf', archive, '-C', pages, '--exclude=.git', '.']);
  const choose = async (field: string, file: string) => {
    const input = await person.page.waitForSelector(`input[name=${field}]`);
    await (input as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(file);
  };
  await person.go('Web sites');
  t.regex(await person.text(), /example\.com\s+shows the default pages/);
  await person.press('Upload archive');
  await person.sees('.wrong', /Archive.*please fill in/);
  await choose('archive', path.join(pages, 'index.html'));
  await person.press('Upload archive');
  await person.sees('.wrong', /the archive is no tar archive/);
  await choose('archive', archive);
  await person.press('Upload archive');
  await person.said(/^example\.com: web site updated: 2 files\.$/);
  t.regex(await person.text(), /example\.com\s+shows \/home\/user-data\/www\/example\.com/);
  await waitFor('the page to be served', async () =>
    (await shown()) === '<p>from an archive</p>' ? true : undefined,
  );
  t.is(await shown('/deep/%C3%A4.txt'), 'deep');

  writeFileSync(path.join(pages, 'index.html'), '<p>from a folder</p>');
  await person.unfold(/Put a folder there/);
  await choose('folder', pages);
  await person.press('Upload folder');
  await person.said(/^example\.com: web site updated: 2 files\.$/);
  await waitFor('the new page to be served', async () =>
    (await shown()) === '<p>from a folder</p>' ? true : undefined,
  );
  t.is(await box.run('find /home/user-data/www/example.com -name .git'), '');

  await person.press('Bring up to date');
  await person.said(/^The web sites were up to date\.$/);
  await box.run('rm -r /home/user-data/www/example.com');
  await person.press('Bring up to date');
  await person.said(/^The web sites are up to date now\.$/);
  t.regex(await person.text(), /example\.com\s+shows the default pages/);
});

complainsOfNothing(test, ready);
