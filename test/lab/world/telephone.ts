/** A telephone that speaks ActiveSync: real WBXML over https, by activesync.py. */
import { fileURLToPath } from 'node:url';
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';
import { outcome } from '../../rig/program.ts';
import type { LabBox } from './nspawn.ts';

/** `['Page:Tag', ...children]`; a text is a leaf, `opaque` one of bytes. */
export type Tree = readonly [tag: string, ...children: (Tree | string | { readonly opaque: string })[]];
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tree: Tree | null;
}

const program = fileURLToPath(new URL('activesync.py', import.meta.url));

export class Telephone {
  constructor(
    private readonly box: LabBox,
    private readonly account: Account,
    /** What the command is run in: the lab's outside host, or another. */
    private readonly prefix: readonly string[] = box.prefix,
    private readonly device = 'LABTELEPHONE01',
  ) {}

  async ask(command: string, tree?: Tree, account = this.account): Promise<Reply> {
    const url = `https://${this.box.host}/Microsoft-Server-ActiveSync`;
    const { email: user, password } = account;
    const { code, stdout, stderr } = await outcome([...this.prefix, 'python3', program], {
      input: JSON.stringify({ url, host: hostname, user, password, device: this.device, command, tree }),
      seconds: 150,
    });
    if (code !== 0) throw new Error(`${command}: ${stderr}`);
    return JSON.parse(stdout) as Reply;
  }

  /** The server's id of the first folder of each type (MS-ASCMD, section 2.2.3.186.3): 2 is the inbox, 8 the calendar, 9 the contacts. */
  async folders(): Promise<ReadonlyMap<string, string>> {
    const { tree } = await this.ask('FolderSync', [
      'FolderHierarchy:FolderSync',
      ['FolderHierarchy:SyncKey', '0'],
    ]);
    const found = new Map<string, string>();
    for (const folder of all(tree, 'FolderHierarchy:Add')) {
      const [type = ''] = texts(folder, 'FolderHierarchy:Type');
      if (!found.has(type)) found.set(type, texts(folder, 'FolderHierarchy:ServerId')[0] ?? '');
    }
    return found;
  }

  /** Changes since the key, and the next key: the same where nothing changed, since the answer then is empty. */
  async sync(folder: string, key: string): Promise<{ readonly key: string; readonly tree: Tree | null }> {
    const wish: Tree[] =
      key === '0'
        ? []
        : [
            ['AirSync:GetChanges'],
            ['AirSync:WindowSize', '50'],
            [
              'AirSync:Options',
              ['AirSync:FilterType', '0'],
              [
                'AirSyncBase:BodyPreference',
                ['AirSyncBase:Type', '1'],
                ['AirSyncBase:TruncationSize', '5000'],
              ],
            ],
          ];
    const { tree, status } = await this.ask('Sync', [
      'AirSync:Sync',
      [
        'AirSync:Collections',
        ['AirSync:Collection', ['AirSync:SyncKey', key], ['AirSync:CollectionId', folder], ...wish],
      ],
    ]);
    if (status !== 200) throw new Error(`Sync of ${folder}: ${status}`);
    return { key: texts(tree, 'AirSync:SyncKey')[0] ?? key, tree };
  }

  /** Waits for news of the folder for so many seconds; `2` says that there are some. */
  async ping(folder: string, seconds: number): Promise<string | undefined> {
    const { tree } = await this.ask('Ping', [
      'Ping:Ping',
      ['Ping:HeartbeatInterval', String(seconds)],
      ['Ping:Folders', ['Ping:Folder', ['Ping:Id', folder], ['Ping:Class', 'Email']]],
    ]);
    return texts(tree, 'Ping:Status')[0];
  }

  async sendMail(mail: string): Promise<number> {
    const { status } = await this.ask('SendMail', [
      'ComposeMail:SendMail',
      ['ComposeMail:ClientId', String(Date.now())],
      ['ComposeMail:SaveInSentItems'],
      ['ComposeMail:Mime', { opaque: mail }],
    ]);
    return status;
  }
}

/** Every element of that name, in order. */
export function all(tree: Tree | null, tag: string): Tree[] {
  if (tree === null) return [];
  const below = tree.slice(1).filter((child): child is Tree => Array.isArray(child));
  return [...(tree[0] === tag ? [tree] : []), ...below.flatMap((child) => all(child, tag))];
}

/** The texts of every element of that name. */
export function texts(tree: Tree | null, tag: string): string[] {
  return all(tree, tag).map(([, text]) => (typeof text === 'string' ? text : ''));
}
