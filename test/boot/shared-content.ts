/** Files that two boxes with the same user-data may write with the same content, each with the reason. */
export const sharedContentAllowed: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /^\/etc\/box\/(settings\.json|box\.env)$/,
    reason: 'what the owner said: the same for both here',
  },
  { pattern: /^\/(root|home\/[^/]+)\/\.ssh\/authorized_keys$/, reason: 'the owner’s public key' },
  {
    pattern: /^\/etc\/(hostname|hosts|mailname|timezone|motd|resolv\.conf|fstab)$/,
    reason: 'follows from the settings',
  },
  {
    pattern:
      /^\/etc\/(opendkim|unbound|systemd|ssh\/sshd_config|sudoers|netplan|network|nginx|postfix|dovecot)/,
    reason: 'configuration',
  },
  {
    pattern: /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$/,
    reason: 'accounts without a password',
  },
  { pattern: /^\/home\/user-data\/mailinabox\.version$/, reason: 'a number' },
  { pattern: /^\/home\/user-data\/mail\/users\.sqlite$/, reason: 'the owner’s own address and hash' },
  { pattern: /^\/home\/user-data\/ssl\/dh2048\.pem$/, reason: 'a public group (RFC 7919 ffdhe2048)' },
  { pattern: /^\/home\/user-data\/www\//, reason: 'the page, which is public' },
  { pattern: /^\/var\/lib\/cloud\//, reason: 'the user-data, and what cloud-init has done' },
  { pattern: /^\/var\/spool\/postfix\/(etc|lib|usr)\//, reason: 'Postfix’s copies of public system files' },
  {
    pattern: /^\/var\/lib\/(dpkg|systemd\/(deb-systemd|timers|catalog)|apt)\//,
    reason: 'the image’s package state',
  },
  { pattern: /^\/var\/cache\//, reason: 'can be made again from public files' },
  { pattern: /^\/usr\//, reason: 'programs' },
];
