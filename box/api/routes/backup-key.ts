/** `/system/backup/key`: what its owner prints, to have it when the box is lost. Mail-in-a-Box has no such route. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { readBackupConfig } from '../../storage/backup/config.ts';
import { shownHostKey } from '../../storage/backup/known-host.ts';
import { keyLine, noteKeyShown } from '../../storage/backup/state.ts';
import { field } from '../params.ts';
import { qrCode } from '../qr-code.ts';
import { json, type Route, route } from '../route.ts';
import { confirmOwn } from './own.ts';

export const backupKeyRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/system/backup/key',
    may: 'admin',
    summary:
      'the key of the backups, by one’s own password, since who has it and the backups reads all mail of the box',
    params: z.object({ password: field('one’s own') }),
    answers: 'JSON: `{hostname, target, key, qr_code_base64, host_key}`; the QR code (PNG) holds the key',
    async run(call, { password }) {
      const { machine, door } = call;
      const login = await confirmOwn(call, password);
      const key = await keyLine(machine);
      if (key.length < 43)
        throw new Failure(`${paths.backupKey} holds no key`, 'put the key of these backups there');
      const picture = await qrCode(key);
      const { target } = await readBackupConfig(machine);
      const { hostname } = await readSettings(machine);
      // Where the disk takes nothing, the key is wanted all the more.
      await noteKeyShown(machine).catch(() => undefined);
      door.log(`the key of the backups was shown to ${login.email}`);
      return json({
        ...{ hostname, target, key, qr_code_base64: picture },
        host_key: await shownHostKey(machine, target),
      });
    },
  }),
];
