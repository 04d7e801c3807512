/** Well-known mistakes in single values, and what to do about each. */
import { isIP } from 'node:net';
import { asciiName, strangeCharacter } from '../../contract/idna.ts';
import { hostnamePattern } from '../../contract/settings.ts';
import { mailAddressPattern } from './values.ts';

/** Tells what to do about a text that breaks its key's form; nothing when the mistake is not a known one. */
type Advice = (text: string) => string | undefined;

const hostname: Advice = (text) => {
  if (isIP(text) !== 0) return 'a mail box needs a name in DNS: write the name, not its address';
  if (text.includes('*')) return 'a wildcard is not a host: write the full name';
  if (text.includes('_')) return 'a host name can have - but not _';
  const name = asHostname(text);
  if (name !== undefined) return `write ${name}`;
  const strange = strangeCharacter(text);
  if (strange !== undefined) return noName(strange);
  if (text.split('.').some((label) => label.length > 63))
    return 'no part between two dots may pass 63 letters';
  return text.includes('.') ? undefined : 'add the domain, for example box.example.com';
};

const email: Advice = (given) => {
  const text = given.replace(around, '');
  const [local = '', domain, ...more] = text.split('@');
  if (domain === undefined) return 'add @ and the domain, for example me@example.com';
  if (more.length > 0 || text.includes('<')) return 'write the bare address, for example me@example.com';
  if (local.includes('+')) return 'an account has no +tag: leave it off';
  const wanted = `${local.toLowerCase()}@${asHostname(domain) ?? domain}`;
  if (mailAddressPattern.test(wanted)) return `write ${wanted}`;
  const strange = strangeCharacter(domain);
  if (strange !== undefined) return noName(strange);
  return 'before the @ there may be a-z, 0-9, _, - and single dots, with a letter or digit at both ends';
};

const name: Advice = (text) => {
  const wanted = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
  return wanted !== '' && wanted.length <= 32 ? `write ${wanted}` : undefined;
};

const makeHash = 'make one with `letterbox password`';

const passwordHash: Advice = (text) => {
  const scheme = /^\{[A-Z0-9.-]+\}/.exec(text)?.[0];
  if (scheme !== undefined && text.startsWith('$6$', scheme.length)) return 'leave the {...} prefix off';
  const kinds: [RegExp, string][] = [
    [/^\$2[abxy]?\$/, 'bcrypt'],
    [/^\$1\$/, 'MD5-CRYPT'],
    [/^\$5\$/, 'SHA256-CRYPT'],
    [/^\$(y|gy|7)\$/, 'yescrypt or scrypt'],
    [/^\$argon2/, 'Argon2'],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1];
  if (kind !== undefined) return `this is ${kind}, which the box does not use: ${makeHash}`;
  if (text.startsWith('$6$'))
    return `this one is cut off or has letters that crypt does not use: ${makeHash}`;
  return 'if this is the password itself, choose another and keep it out of files: `letterbox password` makes the hash';
};

const sshKeys: Advice = (text) => {
  if (text.includes('PRIVATE KEY'))
    return 'this is a PRIVATE key: remove it, make a new pair if anybody else saw the file, and paste the .pub file';
  if (/^(-+ ?BEGIN|PuTTY)/.test(text))
    return 'convert it with `ssh-keygen -i -f FILE`, then paste the result';
  if (text.startsWith('ssh-dss'))
    return 'sshd takes no DSA keys any more: make one with `ssh-keygen -t ed25519`';
  if (/^(~|\/|\.)|\.pub$/.test(text)) return "write the file's content, not its path";
  if (/^\S+-cert-v\d+@/.test(text)) return 'this is a certificate: paste the key from the .pub file';
  if (/\n\s*(ssh-|ecdsa-|sk-)/.test(text)) return 'begin a new `- ` line for each key';
  if (/\s(ssh-|ecdsa-|sk-)\S+ AAAA/.test(text)) return 'leave off the options before the key type';
  return 'paste the one line of ~/.ssh/id_ed25519.pub';
};

const hostKey: Advice = (text) =>
  text.includes('PRIVATE KEY')
    ? sshKeys(text)
    : 'copy the line of /etc/ssh/ssh_host_ed25519_key.pub on the host that has the backups';

const backups: Advice = (text) => {
  const scheme = /^([a-z0-9]+):\/\//.exec(text)?.[1];
  if (scheme === 'b2')
    return 'name it by its S3: s3://REGION@s3.REGION.backblazeb2.com/BUCKET/PATH; the login is brought to the box, like the key';
  if (scheme === 'webdav' || scheme === 'http' || scheme === 'https')
    return 'a WebDAV folder is webdavs://HOST/PATH';
  if (scheme === 's3' || scheme === 'webdavs') return 'the login is brought to the box, like the key';
  return scheme === undefined || scheme === 'rsync'
    ? undefined
    : 'bring the folder to a host with ssh and rsync, and name that';
};

const size: Advice = (text) => {
  const [, number = '', letter = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(text.trim()) ?? [];
  if (letter === '') return /^\d+$/.test(text) ? 'add the unit, for example 8GiB' : undefined;
  const units = ['K', 'M', 'G', 'T'];
  let unit = units.indexOf(letter.toUpperCase());
  let amount = Number(number);
  while (unit === 3 || (unit > 0 && !Number.isInteger(amount) && Number.isInteger(amount * 1024))) {
    amount *= 1024;
    unit -= 1;
  }
  return Number.isInteger(amount) && amount > 0 ? `write ${amount}${units[unit]}iB` : undefined;
};

const address =
  (version: 4 | 6): Advice =>
  (text) => {
    const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/[/%].*$/, '');
    if (isIP(bare) === version) return `write ${bare}`;
    if (isIP(bare) !== 0) return `this is an IPv${isIP(bare)} address: it belongs to publicIpv${isIP(bare)}`;
    return undefined;
  };

const advices: Readonly<Record<string, Advice>> = {
  name,
  'box.hostname': hostname,
  'box.admin.email': email,
  'acme.email': email,
  'dns.external': hostname,
  'outbound.relay.host': hostname,
  'box.admin.passwordHash': passwordHash,
  'box.sshKeys': sshKeys,
  'box.restore.from': backups,
  'box.restore.hostKey': hostKey,
  'box.publicIpv4': address(4),
  'box.publicIpv6': address(6),
  'mail.messageSizeLimit': size,
  'image.diskSize': size,
  'boot.memory': size,
};

/** What to do about a wrong text at a key. */
export function adviceFor(key: string, text: string): string | undefined {
  return advices[key]?.(text);
}

const noName = (character: string) => {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  // A mark that shows nothing, or turns the text around, is told by its number alone.
  const shown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? `${character} (U+${code})` : `U+${code}`;
  return `a name in DNS can't have ${shown}: leave it out`;
};

/** What word processors, web pages and keyboards put around a name, or in the place of its hyphens. */
const around = /^[\s\p{Pi}\p{Pf}\p{Ps}\p{Pe}\p{Cf}"'`´<>]+|[\s\p{Pi}\p{Pf}\p{Ps}\p{Pe}\p{Cf}"'`´<>]+$/gu;

/** The host name that was probably meant: lower case, ASCII form of an international name, no URL and no quotes around it. */
function asHostname(text: string): string | undefined {
  const bare = text
    .replace(around, '')
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[./]+$/, '')
    .replace(/[\p{Pd}\u{2212}]/gu, '-');
  const name = asciiName(bare.toLowerCase());
  return name !== undefined && name !== text && hostnamePattern.test(name) ? name : undefined;
}
