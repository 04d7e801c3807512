/** Makes a DKIM key and its record: what is there is kept, what is missing is made. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { isKeyInPlace, keepOrMakeKey, readKey } from '../tls/private-key.ts';
import { keyFile, publishes, readRecordFile, recordFile } from './selectors.ts';

export async function isDkimKeyInPlace(machine: Machine, selector: string): Promise<boolean> {
  if (!(await isKeyInPlace(machine, keyFile(selector)))) return false;
  const key = await readKey(machine, keyFile(selector).path);
  const record = await readRecordFile(machine, selector);
  return key !== undefined && record !== undefined && publishes(record, key);
}

export async function makeDkimKey(machine: Machine, selector: string): Promise<void> {
  const file = keyFile(selector);
  await keepOrMakeKey(machine, file);
  const key = await readKey(machine, file.path);
  if (key?.asymmetricKeyType !== 'rsa') {
    throw new Failure(`${file.path} is not an RSA key`, 'move it away and reboot: the box makes a new one');
  }
  const record = await readRecordFile(machine, selector);
  if (record === undefined || !publishes(record, key)) await machine.put(recordFile(selector, key));
}
