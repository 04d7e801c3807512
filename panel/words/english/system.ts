/** The page System in English. */
export const system = {
  version: 'Version',
  updates: 'Updates',
  updatesText: 'The box installs security updates by itself, daily.',
  none: 'None waits.',
  waiting: { one: '{n} waits:', other: '{n} wait:' },
  reboot: 'Reboot',
  due: 'An upgrade counts only after a reboot.',
  notDue: 'No reboot is needed, so none is offered.',
  ask: 'Reboot…',
  title: 'Reboot the box?',
  text: 'It takes no mail for about a minute; other servers try again by themselves.',
};
