/** ssh's host keys outlive a root disk. */
import { rmSync, statSync } from 'node:fs';
import test from 'ava';
import { TemporaryBox } from '../temporary-box.ts';

const pem = (word: string) =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${word}\n-----END OPENSSH PRIVATE KEY-----\n`;
const kept = '/home/user-data/ssh';

/** What cloud-init makes at a root disk's first boot. */
function makeKeys(box: TemporaryBox, word: string, types = ['ed25519', 'rsa']): void {
  for (const type of types) {
    box.write(`/etc/ssh/ssh_host_${type}_key`, pem(word));
    box.write(`/etc/ssh/ssh_host_${type}_key.pub`, `ssh-${type} ${word}\n`);
  }
}

test('the first keys are kept, for root alone; another root disk gets them, and ssh is told', async (t) => {
  const box = await TemporaryBox.booted(t);
  makeKeys(box, 'first');
  await box.init(t);
  t.is(box.read(`${kept}/ssh_host_rsa_key`), pem('first'));
  t.is(statSync(box.at(`${kept}/ssh_host_rsa_key`)).mode & 0o777, 0o600);
  t.is(statSync(box.at(kept)).mode & 0o777, 0o700);

  rmSync(box.at('/etc/ssh'), { recursive: true });
  makeKeys(box, 'second');
  await box.init(t);
  t.is(box.read('/etc/ssh/ssh_host_ed25519_key'), pem('first'));
  t.is(box.read('/etc/ssh/ssh_host_ed25519_key.pub'), 'ssh-ed25519 first\n');
  t.true(box.ran.includes('service ssh reload'));
});

test('a kind of key that only the new root disk has is kept beside the others', async (t) => {
  const box = await TemporaryBox.booted(t);
  makeKeys(box, 'first', ['rsa']);
  await box.init(t);
  makeKeys(box, 'second', ['rsa', 'ecdsa']);
  await box.init(t);
  t.is(box.read('/etc/ssh/ssh_host_rsa_key'), pem('first'));
  t.is(box.read(`${kept}/ssh_host_ecdsa_key`), pem('second'));
});

test('a key that a power cut left empty is no key: neither kept nor put anywhere', async (t) => {
  const box = await TemporaryBox.booted(t);
  makeKeys(box, 'first');
  await box.init(t);
  box.write(`${kept}/ssh_host_rsa_key`, '');
  await box.init(t);
  t.is(box.read('/etc/ssh/ssh_host_rsa_key'), pem('first'));
  t.is(box.read(`${kept}/ssh_host_rsa_key`), pem('first'));
});
