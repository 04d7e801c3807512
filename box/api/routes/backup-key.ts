/** `/system/backup/key`: what its owner prints, to have it when the box is lost. Mail-in-a-Box has no such route. */
import * as z from 'zod';
import { readSettings } from '../../machine/settings-file.ts';
import { readBackupConfig } from '../../storage/backup/config.ts';
import { shownHostKey } from '../../storage/backup/known-host.ts';
import { existingKey, noteKeyShown } from '../../storage/backup/state.ts';
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
      const key = await existingKey(machine);
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
