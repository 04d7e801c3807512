/** Rules about who can get into the box. */
import type { Config } from '../schema.ts';
import { parseSshKey } from '../ssh-key.ts';
import { type Finding, type Rule, when } from './rule.ts';

/** SHA512-CRYPT takes 0.3 s for half a million rounds: more makes every log-in slow and a flood of them cheap. */
const mostRounds = 500_000;
const leastRsaBits = 2048;

export const accessRules: readonly Rule[] = [
  {
    name: 'somebody can log in',
    holds: '`box.sshKeys` has a key, or `box.admin.passwordHash` is set.',
    reads: ['box.sshKeys', 'box.admin.passwordHash'],
    check: ({ box: { sshKeys, admin } }) =>
      when(
        sshKeys.length === 0 && admin.passwordHash === undefined,
        ['box', 'sshKeys'],
        'has no key and box.admin.passwordHash is not set, so nobody could ever log in',
        'add the line of your ~/.ssh/id_ed25519.pub',
      ),
  },
  {
    name: 'a password hash can be checked in time',
    holds: `\`box.admin.passwordHash\` asks for 1000 to ${mostRounds} rounds.`,
    reads: ['box.admin.passwordHash'],
    check: ({ box: { admin } }) => {
      const rounds = /^\$6\$rounds=(\d+)/.exec(admin.passwordHash ?? '')?.[1];
      return when(
        rounds !== undefined && (Number(rounds) < 1000 || Number(rounds) > mostRounds),
        ['box', 'admin', 'passwordHash'],
        `must ask for 1000 to ${mostRounds} rounds`,
        'make one with `letterbox password`',
      );
    },
  },
  {
    name: 'an ssh key is whole and strong',
    holds: `Each of \`box.sshKeys\` and \`web.sftpKeys\` is a whole key of its type; an RSA key has ${leastRsaBits} bits or more.`,
    reads: ['box.sshKeys', 'web.sftpKeys'],
    check: (config) =>
      keyLists(config).flatMap(({ keys, at }) =>
        keys.flatMap((line, index): readonly Finding[] => {
          const path = [...at, index];
          const key = parseSshKey(line);
          if (key === undefined)
            return when(
              true,
              path,
              'is cut off or changed: its base64 part is no key of that type',
              'copy it again',
            );
          return when(
            key.rsaBits !== undefined && key.rsaBits < leastRsaBits,
            path,
            `is an RSA key of ${key.rsaBits} bits; sshd wants at least ${leastRsaBits}`,
            'make one with `ssh-keygen -t ed25519`',
          );
        }),
      ),
  },
  {
    name: 'an ssh key is listed once',
    holds: 'No key occurs twice in `box.sshKeys` or in `web.sftpKeys`, whatever its comment says.',
    reads: ['box.sshKeys', 'web.sftpKeys'],
    check: (config) =>
      keyLists(config).flatMap(({ keys, at }) => {
        const blobs = keys.map((line) => line.split(' ')[1]);
        return blobs.flatMap((blob, index) => {
          const first = blobs.indexOf(blob);
          return when(
            first < index,
            [...at, index],
            `is the same key as ${at.join('.')}[${first}]`,
            'remove one',
          );
        });
      }),
  },
];

const keyLists = ({ box, web }: Config) => [
  { keys: box.sshKeys, at: ['box', 'sshKeys'] },
  { keys: web.sftpKeys, at: ['web', 'sftpKeys'] },
];
