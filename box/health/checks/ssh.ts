/** How ssh lets people in: by key. Passwords can be tried by everyone. */
import { type Check, ok, warning } from './check.ts';

export const sshTakesKeysOnly: Check = async ({ machine }) => {
  const title = 'ssh';
  // What counts in the end, with every included file and default.
  const settings = new Map(
    (await machine.run(['sshd', '-T'])).split('\n').map((line) => {
      const [name = '', ...value] = line.toLowerCase().split(' ');
      return [name, value.join(' ')] as const;
    }),
  );
  // The second has two names, one before OpenSSH 8.7 and one since.
  const ways = ['passwordauthentication', 'kbdinteractiveauthentication', 'challengeresponseauthentication'];
  if (!settings.has('passwordauthentication'))
    return [warning(title, 'sshd -T does not say whether passwords are taken', 'run it by hand: sshd -T')];
  if (!ways.some((way) => settings.get(way) === 'yes')) return [ok(title, 'takes keys only')];
  return [
    warning(
      title,
      'takes passwords: whoever guesses one owns the box and all mail on it',
      'set PasswordAuthentication no and ChallengeResponseAuthentication no in /etc/ssh, then reload ssh',
    ),
  ];
};
