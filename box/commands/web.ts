/** `box web`: the domains' web sites. */
import { plainName } from '../../contract/idna.ts';
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { readSettings } from '../machine/settings-file.ts';
import { deploy } from '../web/deploy.ts';
import { addSite } from '../web/folder.ts';
import { followWeb, publishWeb, wantedWeb } from '../web/publish.ts';
import type { Call, Command } from './command.ts';

const boxOf = async ({ machine, now }: Call) => ({ machine, settings: await readSettings(machine), now });

const list: Command = {
  name: 'web list',
  operands: [],
  summary: 'list the domains that have web pages here, and where their files lie',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print {sites: [{domain, folder}], redirects: [{domain, to}]}' },
  async run(call) {
    const { sites, redirects } = await wantedWeb(await boxOf(call));
    const shown = sites.map(({ domain, folder }) => ({ domain, folder: `${paths.www}/${folder}` }));
    if (call.options.json === true) call.say(JSON.stringify({ sites: shown, redirects }, null, 2));
    else {
      for (const { domain, folder } of shown) call.say(`${domain} ${folder}`);
      for (const { domain, to } of redirects) call.say(`${domain} -> ${to}`);
    }
    return 0;
  },
};

const update: Command = {
  name: 'web update',
  operands: [],
  summary: `take up ${paths.customSites} and new folders in ${paths.www}`,
  options: { held: { type: 'boolean' } },
  optionHelp: { held: 'for the box itself: who started this holds the lock' },
  async run(call) {
    const box = await boxOf(call);
    const publish = () => publishWeb(box);
    // Whoever started this reads what came of it out of the file.
    if (call.options.held === true) return publish().then(() => 0);
    const { changed, why } = await exclusively(call.machine, publish);
    if (why !== undefined)
      throw new Failure(why, 'nothing changed; correct what it names, then: box web update');
    const { problem } = await wantedWeb(box);
    if (problem !== undefined) throw problem;
    call.say(changed ? 'web updated' : 'nothing to change');
    return 0;
  },
};

const add: Command = {
  name: 'web add',
  operands: ['DOMAIN'],
  summary: `make a folder in ${paths.www} for the pages of a domain`,
  options: {},
  optionHelp: {},
  async run(call) {
    const box = await boxOf(call);
    const domain = plainName(call.operands[0] ?? '');
    await exclusively(call.machine, async () => {
      await addSite(box, domain);
      await followWeb(box);
    });
    call.say(`put the pages of ${domain} into ${paths.www}/${domain}`);
    return 0;
  },
};

const deployPages: Command = {
  name: 'web deploy',
  operands: ['DOMAIN', 'ARCHIVE'],
  summary: 'put a tar archive of pages in the place of all that a domain shows',
  options: {},
  optionHelp: {},
  async run(call) {
    const domain = plainName(call.operands[0] ?? '');
    const [, archive = ''] = call.operands;
    const files = await deploy(await boxOf(call), domain, archive);
    call.say(`${domain} shows ${files} new files`);
    return 0;
  },
};

export const webCommands: readonly Command[] = [list, add, deployPages, update];
