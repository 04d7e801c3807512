/** Certificates over the HTTP API and from the panel, as programs and people ask for them; and the stapled answer. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { acmeLab, zone } from './world/acme-lab.ts';
import { Browser } from './world/browser.ts';
import { PanelPerson } from './world/panel-person.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-certificate-api');
const { ready, provisioned, everyPortServes } = acmeLab(kept);

/** As a program asks the panel below `/admin/ssl/`. */
async function askApi(...[where = '', ...more]: string[]): Promise<string> {
  const { box, owner } = await ready;
  const curl = ['curl', '--disable', '-sS', '--insecure', '--max-time', '180', '-K', '-', ...more];
  const input = `user = "${owner.email}:${owner.password}"\n`;
  return output([...box.prefix, ...curl, `https://${box.host}/admin/ssl/${where}`], { input });
}

test('the API: status, a request, installing and provisioning, as Mail-in-a-Box’s clients ask', async (t) => {
  const { box } = await ready;
  // A domain whose names don't lead here yet.
  await box.run('box alias add info@elsewhere.example me@example.com');
  await provisioned();
  const ask = askApi;
  const found = JSON.parse(await ask('status'));
  t.deepEqual(found.can_provision, []);
  t.like(
    found.status.find((each: { domain: string }) => each.domain === hostname),
    { status: 'success' },
  );
  t.like(
    found.status.find((each: { domain: string }) => each.domain === 'elsewhere.example'),
    { status: 'danger' },
  );
  t.regex(await ask(`csr/www.${zone}`, '--data', 'countrycode=DE'), /^-----BEGIN CERTIFICATE REQUEST-----/);
  t.regex(await ask('csr/www.stranger.example', '--data', 'countrycode='), /^Invalid domain name\./);
  t.like(JSON.parse(await ask('provision', '--request', 'POST')), {
    requests: [{ result: 'skipped', message: 'the certificate in service will do' }],
  });
  const pem = await box.run('cat /home/user-data/ssl/ssl_certificate.pem');
  const [cert = '', ...chain] = pem.split(/(?=-----BEGIN)/);
  const form = (domain: string, text: string) => [
    ...['--data-urlencode', `domain=${domain}`, '--data-urlencode', `cert=${text}`],
    ...['--data-urlencode', `chain=${chain.join('')}`],
  ];
  t.is(await ask('install', ...form(hostname, cert)), 'OK');
  t.regex(
    await ask('install', ...form(hostname, chain.join(''))),
    /^the certificate is not for the box’s key/,
  );
});

test('the API and the panel get a certificate that is due: for a name more each time', async (t) => {
  const { box, owner, zone: dns } = await ready;
  /** One more name leads here now. */
  const leadHere = async (name: string) => {
    await dns.publish([`${name}. A ${box.host}`]);
    await box.run('systemctl restart unbound');
    t.deepEqual(JSON.parse(await askApi('status')).can_provision, [name]);
  };
  await leadHere('elsewhere.example');
  const { requests } = JSON.parse(await askApi('provision', '--request', 'POST'));
  t.like(requests, [{ result: 'installed', message: '' }]);
  t.true(requests[0].domains.includes('elsewhere.example'));
  t.true(requests[0].log.some((line: string) => /^www\.elsewhere\.example: /.test(line)));
  await everyPortServes((one) => one.checkHost('elsewhere.example') !== undefined);

  await leadHere('www.elsewhere.example');
  const browser = kept.own(await Browser.of(box));
  const person = new PanelPerson(await browser.page());
  await person.open();
  await person.logIn(owner);
  await person.said(/^Logged in/);
  await person.go('Certificate');
  t.regex(await person.text(), /It is wanted for www\.elsewhere\.example\./);
  await person.named('checkbox', 'I agree to the authority’s terms, and to its publishing the names').click();
  await person.press('Get a certificate');
  await person.said(/^A new certificate is in service, for .*www\.elsewhere\.example/);
  t.regex(await person.text(), /No name needs one\./);
  await everyPortServes((one) => one.checkHost('www.elsewhere.example') !== undefined);
});

test('where the certificate names an OCSP responder, nginx staples its answer', async (t) => {
  const { box, ca, outside } = await ready;
  const port = 2560;
  const url = `http://client.outside.example:${port}`;
  const pem = await ca.signForOcsp(await box.run('box tls csr'), url, hostname, `mta-sts.${zone}`);
  kept.own(await ca.answerOcsp(outside, port));
  await box.run(ca.install.script, ca.install.input);
  await box.run('cat >/root/ocsp.pem', pem);
  await box.run('box tls install /root/ocsp.pem');
  const ask = ['openssl', 's_client', '-connect', `${box.host}:443`, '-servername', hostname, '-status'];
  await waitFor('a stapled answer', async () =>
    /OCSP Response Status: successful[\s\S]*Cert Status: good/.test(await output([...box.prefix, ...ask]))
      ? true
      : undefined,
  );
  t.pass();
});
