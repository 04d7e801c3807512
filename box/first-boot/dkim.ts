/** The DKIM key, the record that publishes it, and OpenDKIM's tables. */
import { Failure } from '../failure.ts';
import type { Step } from '../init/step.ts';
import { currentTables, keyFile, publishes, recordFile } from '../mail/dkim.ts';
import { paths } from '../paths.ts';
import { isKeyInPlace, keepOrMakeKey, readKey } from '../tls/private-key.ts';
import { filesStep } from './files-step.ts';

export const dkimKeyStep: Step = {
  title: 'DKIM key',
  refresh: [{ service: 'opendkim', by: 'reload' }],
  async done({ machine }) {
    if (!(await isKeyInPlace(machine, keyFile))) return false;
    const key = await readKey(machine, keyFile.path);
    const record = await machine.read(paths.dkimRecord);
    return key !== undefined && record !== undefined && publishes(record, key);
  },
  async run({ machine }) {
    await keepOrMakeKey(machine, keyFile);
    const key = await readKey(machine, keyFile.path);
    if (key?.asymmetricKeyType !== 'rsa') {
      throw new Failure(
        `${keyFile.path} is not an RSA key`,
        'move it away and reboot: the box makes a new one',
      );
    }
    const record = await machine.read(paths.dkimRecord);
    if (record === undefined || !publishes(record, key)) await machine.put(recordFile(key));
  },
};

/** After the accounts: their domains are what is signed for. */
export const dkimTablesStep = filesStep(
  'DKIM tables',
  ({ machine, settings }) => currentTables(machine, settings.hostname),
  [{ service: 'opendkim', by: 'reload' }],
);
