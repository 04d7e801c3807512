/** `box serve`: the control panel's web process. It has no rights: the keeper decides and does. */
import { once } from 'node:events';
import { keeperAt } from '../api/http/ask-keeper.ts';
import { deviceDoor } from '../api/http/device-door.ts';
import { webServer } from '../api/http/web-server.ts';
import { paths } from '../machine/paths.ts';
import { readServers } from '../mail-clients/servers.ts';
import type { Command } from './command.ts';

export const serveCommand: Command = {
  name: 'serve',
  operands: [],
  summary: 'run the web process of the control panel (a service of the box)',
  options: {},
  optionHelp: {},
  async run({ machine, say }) {
    const server = webServer(keeperAt(machine.at(paths.keeperSocket)), say, () => readServers(machine));
    // For nginx, which is of this process's group.
    await machine.listen(server, { path: paths.panelSocket, mode: 0o660 });
    // Where the groupware has doors that need names of their own, the boot made a key.
    const key = (await machine.read(paths.doorKey))?.trim();
    const door = key === undefined ? undefined : deviceDoor(key);
    if (door !== undefined) await machine.listen(door, { path: paths.deviceDoor, mode: 0o660 });
    say(`listening at ${paths.panelSocket}`);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(server, 'error')]);
    server.close();
    door?.close();
    return 0;
  },
};
