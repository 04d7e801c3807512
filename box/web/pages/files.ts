/** The box's own pages as files, each in every language: nginx serves them where the owner has none. */
import type { Image } from '../../../contract/settings.ts';
import type { File } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { serversOf } from '../../mail-clients/servers.ts';
import { frontDoor } from './front-door.ts';
import { languageNames } from './languages.ts';
import { plainPage } from './plain-page.ts';
import { setUpPage } from './set-up.ts';

export function pageFiles(hostname: string, image: Image): File[] {
  const servers = serversOf(hostname, image);
  const file = (name: string, text: string): File => ({
    path: `${paths.pages}/${name}.html`,
    mode: 0o644,
    text,
  });
  return languageNames.flatMap((language) => [
    file(`front.${language}`, frontDoor(language, hostname, image.roles)),
    file(`set-up.${language}`, setUpPage(language, servers, image.groupware?.davPath)),
    file(`plain.${language}`, plainPage(language, hostname, hostname)),
  ]);
}
