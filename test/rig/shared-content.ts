/** Files that two boxes with the same user-data may write with the same content, each with the reason. */
const sharedContentAllowed: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /^\/etc\/box\/(settings\.json|box\.env)$/,
    reason: 'what the owner said: the same for both here',
  },
  { pattern: /^\/root\/\.ssh\/authorized_keys$/, reason: 'the owner’s public key' },
  { pattern: /^\/etc\/(hostname|hosts|mailname|timezone|fstab)$/, reason: 'follows from the settings' },
  { pattern: /^\/etc\/opendkim\/(KeyTable|SigningTable|TrustedHosts)$/, reason: 'names and paths, no key' },
  {
    pattern: /^\/etc\/(spamassassin\/box-verdicts\.cf|postfix\/(inbound-header|bounce)-checks)$/,
    reason: 'rules that name the box',
  },
  { pattern: /^\/boot\/grub\/grubenv$/, reason: 'that the last boot went well' },
  { pattern: /^\/etc\/postgrey\/whitelist_clients\.local$/, reason: 'the tests’ own exception' },
  { pattern: /^\/etc\/nsd\/box\/(listen|zones)\.conf$/, reason: 'addresses and names of zones' },
  {
    pattern: /^\/var\/lib\/box-keeper\/samples\//,
    reason: 'how busy the box was: two that do nothing are alike',
  },
  { pattern: /^\/etc\/nginx\/sites\/box\.conf$/, reason: 'names of sites, and their folders' },
  { pattern: /^\/etc\/nsd\/box\/keys\.conf$/, reason: 'the keys of secondaries: none' },
  { pattern: /^\/etc\/fail2ban\/jail\.d\/00-allow\.conf$/, reason: 'the box’s address and the owner’s list' },
  { pattern: /^\/etc\/box\/firewall\/unlimited$/, reason: 'the owner’s list' },
  { pattern: /^\/home\/user-data\/www\/custom(\.last)?\.yaml$/, reason: 'the owner’s own sites: none' },
  { pattern: /^\/var\/log\/wtmp$/, reason: 'that the machine was started, in the same second' },
  { pattern: /^\/var\/lib\/logrotate\/status$/, reason: 'when logs were looked at' },
  { pattern: /^\/etc\/box\/mta-sts\.txt$/, reason: 'the MTA-STS policy, which is public' },
  {
    pattern: /^\/etc\/box\/pages\/(front|plain|set-up)\.\w+\.html$/,
    reason: 'the box’s first pages, which are public',
  },
  { pattern: /^\/etc\/box\/autoconfig\.xml$/, reason: 'names of servers, which are public' },
  { pattern: /^\/home\/user-data\/dns\/zones\/custom\.json$/, reason: 'the owner’s own records: none' },
  { pattern: /^\/etc\/unbound\/unbound\.conf\.d\/zz-lab\.conf$/, reason: 'the lab’s root' },
  { pattern: /^\/etc\/systemd\/network\/10-cloud-init-\w+\.network$/, reason: 'DHCP on the first card' },
  { pattern: /^\/etc\/shadow-?$/, reason: 'accounts that have no password' },
  { pattern: /^\/home\/user-data\/mailinabox\.version$/, reason: 'a number' },
  {
    pattern: /^\/home\/user-data\/(mail|last-good)\/users\.sqlite$/,
    reason: 'the owner’s address, and the hash that the owner gave',
  },
  {
    pattern: /^\/home\/user-data\/mail\/mailboxes\/[^/]+\/[^/]+\/(subscriptions|dovecot[-.][\w.-]+)$/,
    reason: 'the folders that everybody has, and the second in which they were made',
  },
  {
    pattern: /^\/home\/user-data\/groupware\/postgresql\//,
    reason:
      'an empty database: catalogues and tables as PostgreSQL and SOGo make them, without people and passwords',
  },
  {
    pattern: /^\/home\/user-data\/mail\/roundcube\/roundcube\.sqlite$/,
    reason: 'the webmail’s database before anybody logged in: its schema',
  },
  {
    pattern: /^\/home\/user-data\/mail\/search\/[0-9a-f]{64}\.sqlite(-wal|-shm)?$/,
    reason: 'the index of a mailbox in which there is no mail: its schema',
  },
  { pattern: /^\/home\/user-data\/www\/default\/index\.html$/, reason: 'the page, which is public' },
  {
    pattern: /^\/var\/lib\/cloud\/(data|instances|sem)\//,
    reason: 'the user-data, and what cloud-init has done',
  },
  {
    pattern: /^\/home\/user-data\/mail\/queue\/(etc|lib|usr)\//,
    reason: 'Postfix’s copies of public system files',
  },
  { pattern: /^\/var\/lib\/dovecot\/instances$/, reason: 'when Dovecot started' },
  {
    pattern: /^(\/var\/lib\/postfix\/master\.lock$|\/home\/user-data\/mail\/queue\/pid\/)/,
    reason: 'process ids',
  },
];

/** Those of the files that no entry explains. */
export function unexplained(files: readonly string[]): string[] {
  return files.filter((file) => !sharedContentAllowed.some(({ pattern }) => pattern.test(file)));
}
