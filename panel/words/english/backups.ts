/** The page Backups in English, and the sheet with their key. */
export const backups = {
  lead: 'Every night the box copies what it has received and made: mail, accounts, keys, pages. Each copy is encrypted.',
  title: 'Backups',
  areOff: 'Backups are off.',
  goTo: 'Backups go to {target} from the next night on.',
  off: 'Backups are off: what is lost on this box is lost.',
  local:
    'They lie on this box alone. If its disk is lost, so are they: send them to another host, or copy them there.',
  toTarget: 'They go to {target}.',
  toHost: 'They go to {host}, encrypted.',
  makeOne: 'Make one now',
  begun: 'It has begun. A first one may take hours; it is listed here once it is whole.',
  noneYet: 'There is none yet: the first one is made in the night.',
  full: 'full',
  increment: 'increment',
  goesNext: 'goes: on next daily backup',
  goesIn: { one: 'goes: approx. {n} day', other: 'goes: approx. {n} days' },
  together: 'Together {size}',
  loose: '{size} of one that is at work or was broken off',
  key: 'The key',
  keyText:
    'Nobody reads a backup without the key, and you neither. It is a file on the box, and in no backup. Copy it to a safe place once, from your computer:',
  keyCommand: 'the command for the key',
  print: 'Or print it, on a sheet that says what to do when the box is lost:',
  where: 'Where they go',
  save: 'Save target',
  target: 'Target',
  targetHint:
    'local: a folder on this box. rsync://USER@HOST/PATH: another host, by ssh. s3://REGION@HOST/BUCKET/PATH: a bucket. webdavs://HOST/PATH: a WebDAV folder, such as Nextcloud’s. off: none are made.',
  user: 'User, or id of the key',
  userHint: 'Of s3: and webdavs: only. Where the target stays, what is left empty stays too.',
  password: 'Password, or key',
  days: 'Days that a backup is kept',
  daysHint: 'At the least: a full one stays as long as increments need it.',
  authorized: 'Another host lets the box in by this line in the user’s authorized_keys:',
  authorizedLine: 'the line for authorized_keys',
  lost: 'Mail that was lost',
  lostText:
    'One mail or a whole mailbox comes back into a folder of its own, “Restored …”, which its owner then finds. What the account has stays as it is.',
  noBackup: 'There is no backup to take it from.',
  everything: 'To restore everything',
  folderText: 'By ssh, as root. One folder to look through, with everything as it was:',
  folderCommand: 'the command for a folder',
  stateText:
    'As the state of this box, or of a new one to which you copied the backups ({folder}) and the key, followed by a reboot:',
  stateCommand: 'the command for the whole state',
};

export const sheet = {
  show: 'Show the sheet',
  password: 'Your password',
  passwordHint: 'Who has the key and the backups reads all mail of this box.',
  title: 'To get {host} back',
  text: 'This is the key of its backups. Without it nobody reads them. Keep this sheet where neither fire nor thief meets both, it and the backups.',
  qr: 'QR code with the key below',
  backups: 'Backups: {target}',
  asOf: 'As of {day}.',
  print: 'Print',
  otherHostKey: 'of the other host: /etc/ssh/ssh_host_ed25519_key.pub',
  launch:
    'Write this into the old box.yaml, and launch a new box with it, on an empty disk. It stays closed until it has its state. Its console shows its address, and the fingerprint by which you know it.',
  authorize: 'Its console shows a line for authorized_keys. Put it there on the host with the backups.',
  login:
    'Bring the login of the storage, which is not on this sheet: type the user or the id of the key, then the password or key as a second line, then Ctrl-D.',
  copy: 'Bring the copy that you made of the folder with the backups.',
  bringKey: 'Bring the key: type the line above, then Ctrl-D.',
  opens: 'It brings all of it, tells how far it is, and opens.',
  registrar:
    'At the registrar change the addresses of {host} to those of the new machine. Mail, accounts, passwords and keys are the old ones.',
};
