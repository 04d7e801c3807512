/** The pages Mail set-up and Tokens in English. */
export const guide = {
  byBrowser: 'Without any program: {link}, with the same address and password.',
  byBrowserLink: 'read and write mail in the browser',
  lead: 'Most programs ask for the address and the password alone. One that wants to know more gets this:',
  server: 'Server, for everything',
  serverName: 'server name',
  user: 'User name',
  userName: 'user name',
  userText: '(the whole address, each user their own)',
  password: 'Password',
  passwordText: 'that of the account, or an {link}; “normal password” where a kind is asked for',
  appPassword: 'app password',
  rows: {
    imap: 'Incoming mail (IMAP)',
    smtp: 'Outgoing mail (SMTP)',
    submission: 'Outgoing mail, where 465 is not offered',
    pop3: 'Incoming mail (POP3), which takes it off the box',
    sieve: 'Filters (ManageSieve)',
  },
  port: 'Port {port}, {security}',
  byThemselves: 'Programs that set themselves up',
  thunderbird:
    'Thunderbird: “Set up an existing email account”, with name, address and password. It finds the rest by itself.',
  outlook: 'Outlook: “Add account”, with the address. It finds the rest by itself.',
  apple:
    'iPhone, iPad and Mac: {link}, then open the system’s settings and install it. It is signed by this box, holds no password, and asks for address and password.',
  appleLink: 'load the profile',
  goodToKnow: 'Good to know',
  encrypted:
    'Log-ins work over encrypted connections only. A program that offers “none” for security can’t be used.',
  sender: 'Mail is sent under your own address, or under an alias that you may send as.',
  spam: 'What the filter takes for spam is in the folder Spam. Move mail in or out of it: the box learns from that.',
};

export const tokens = {
  lead: 'A program gets a token in the place of your password. It may do what the token names, and nothing else.',
  inForce: 'In force',
  none: 'None.',
  made: '{id}, made by {owner} on {day};',
  hasNoEnd: 'has no end',
  ends: 'ends on {day}',
  revoke: 'Revoke',
  makeOne: 'Make a token',
  make: 'Make token',
  madeNotice: 'Made the token “{label}”. Copy it now: it is shown this once.',
  label: 'What it is for',
  labelHint: 'Such as the name of the router or the program.',
  scopes: 'What it may',
  scopesHint:
    'One a line. acme:example.com proves that domain to a certificate authority; address:home.example.com sets that name’s addresses; status reads the status.',
  days: 'Days that it lives',
  daysHint: 'None: until it is revoked.',
  revokeOne: 'Revoke “{label}”?',
  revokeText:
    'The program that has it can do nothing here any more. A token that ended can’t be brought back.',
  revokeToken: 'Revoke token',
  revoked: 'Revoked the token “{label}”.',
  fresh: 'The new token “{label}”',
  freshText: 'The box keeps no copy that it could show again.',
  copyName: 'token',
  haveIt: 'I have it',
};
