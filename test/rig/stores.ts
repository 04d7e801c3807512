/** Stores for backups that are not ours: OpenStack's Swift by its S3, and Apache's WebDAV; both by TLS. */
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KeyPair } from './key-pair.ts';
import { output, start } from './program.ts';
import { waitFor } from './wait.ts';

export interface Place {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  readonly pair: KeyPair;
}

export const s3Login = { user: 'box:box', password: 'secret-of-the-store' };
export const davLogin = { user: 'me@example.com', password: 'secret of the folder' };
/** What opens neither. */
export const wrongPassword = 'secret-of-another';

/** Starts one, in a namespace by its prefix, and waits until it answers. */
export async function startStore({ folder }: Place, argv: readonly string[]): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'log');
  const server = start(argv, log);
  await waitFor(`a store (log: ${log})`, () =>
    existsSync(log) && /^ready|resuming normal operations/m.test(readFileSync(log, 'utf8'))
      ? true
      : undefined,
  );
  return server;
}

/** Checks each signature. Takes the three ports after its own, too. Its folder must be on a disk that has extended attributes. */
export const s3ServerArgv = ({ folder, address, port, pair }: Place): string[] => [
  ...['/usr/bin/python3', path.resolve('test/rig/object-store.py')],
  ...[folder, address, String(port), pair.key, pair.certificate],
];

/** `name`: what the certificate is for; `authority`: whose it is; `prefix`: of the namespace that the store is in. */
export async function makeBucket(
  { address, port, pair }: Place,
  name: string,
  bucket: string,
  authority = pair.certificate,
  prefix: readonly string[] = [],
): Promise<void> {
  const program = path.resolve('test/rig/make-bucket.js');
  const to = [address, name, String(port), bucket, authority, s3Login.user];
  await output([...prefix, process.execPath, program, ...to], { input: s3Login.password });
}

const modules = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'authz_user',
  'authn_file',
  'auth_basic',
  'dav',
  'dav_fs',
  'ssl',
];

/** Serves `FOLDER/files`. Apache that root starts is another user: all the way there must be open to everyone. */
export async function davServerArgv({ folder, address, port, pair }: Place): Promise<string[]> {
  const files = path.join(folder, 'files');
  mkdirSync(files, { recursive: true });
  chmodSync(files, 0o777);
  const hash = (await output(['openssl', 'passwd', '-apr1', davLogin.password])).trim();
  writeFileSync(path.join(folder, 'passwords'), `${davLogin.user}:${hash}\n`);
  const lines = [
    ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    `ServerRoot "${folder}"`,
    'ServerName store',
    'User www-data',
    'Group www-data',
    `Listen ${address}:${port} https`,
    `PidFile "${folder}/pid"`,
    `ErrorLog "${folder}/log"`,
    `DavLockDB "${files}/.locks"`,
    `DocumentRoot "${files}"`,
    'SSLEngine on',
    `SSLCertificateFile "${pair.certificate}"`,
    `SSLCertificateKeyFile "${pair.key}"`,
    `<Directory "${files}">`,
    'Dav On',
    'AuthType Basic',
    'AuthName store',
    `AuthUserFile "${folder}/passwords"`,
    'Require valid-user',
    '</Directory>',
  ];
  writeFileSync(path.join(folder, 'apache.conf'), `${lines.join('\n')}\n`);
  return ['/usr/sbin/apache2', '-DFOREGROUND', '-f', path.join(folder, 'apache.conf')];
}
