/** The table of routes as a page for people: docs/api.md. Pure. */
import { routes } from './routes/index.ts';

/** Routes of Mail-in-a-Box v75 and 2016 that have nothing behind them on a box yet. */
export const missing: readonly (readonly [routes: string, why: string])[] = [
  [
    'targets `b2:` of `/system/backup/config`',
    'Backblaze’s S3 takes their place: see [backup.md](backup.md)',
  ],
  ['`/munin/`', 'charts come from `/system/samples`, in the panel’s own way'],
  [
    'the system’s own key as user name, without a password',
    'programs on the box use the `box` command as root',
  ],
];

export function apiDocs(): string {
  const rows = routes.map(({ method, path, may, params, bodyParam, summary, answers }) => {
    const names = Object.keys(params.shape).map((name) =>
      name === bodyParam ? `\`${name}\` (the whole body)` : `\`${name}\``,
    );
    return `| ${method} | \`${path}\` | ${may} | ${names.join(', ')} | ${summary} | ${answers.replaceAll('|', '\\|')} |`;
  });
  return `# The control panel's HTTP API

Generated from \`box/api/\` by \`npm run docs\`. The box serves the same as an OpenAPI document at \`/admin/openapi.json\`.

Routes lie below \`https://HOST/admin\`; methods, parameters and answers are those of Mail-in-a-Box, so that its clients
work. A route that changes something takes a form (\`application/x-www-form-urlencoded\`, 256 KiB at most).

**Log-in** is HTTP Basic with the account's address and one of four secrets: its password (and, where the account has a
second factor, the one-time code in the header \`X-Auth-Token\`); the key of a session, from \`POST /login\`; its API key,
from \`GET /me\`; or a token, also as \`Authorization: Bearer\`. A session ends after two days without use, at \`POST /logout\`, and when the password or the second factor
changes; the API key with either of the last two. A page of the box's own gets the session as a cookie too. A **passkey** gives a
session by \`POST /login/passkey/begin\` and \`POST /login/passkey\`, without a password; with the password of an account that has passkeys
and no one-time codes, \`POST /login\` answers \`missing-passkey\` and every other route 401: programs need the API key or a token.

**Tokens** are for programs. Each may do what its scopes say, and nothing else: \`acme:DOMAIN\` reads and changes TXT records
of \`_acme-challenge.DOMAIN\` and below; \`address:NAME\` A and AAAA records of that name (an empty value is the caller's own
address, as routers send it); \`status\` reads the status. \`GET /dns/zones\` and \`GET /dns/custom\` show a token its own part
alone. \`POST /login\` and \`GET /me\` give a token back itself, for programs that begin with a log-in. A token ends when it is
removed or its days are over, with its owner's password, second factor or privilege, and with its owner.
\`box token\` makes, lists and removes them too.

**Errors** are a line of text. 400: what is wrong with the request. 401: not logged in, or not an administrator, as JSON
\`{status: error, reason}\` where the client accepts more than \`*/*\`, and as 403 for \`X-Requested-With: XMLHttpRequest\`, so
that no browser asks for a password by itself. 403: another web site asked. 429: too many log-ins failed, see
\`Retry-After\`.

*may*: \`anyone\`, also without log-in; \`admin\`, an account with that privilege.

| method | path | may | parameters | what it does | answers |
|---|---|---|---|---|---|
${rows.join('\n')}

## Not there yet

| of Mail-in-a-Box | why |
|---|---|
${missing.map(([what, why]) => `| ${what} | ${why} |`).join('\n')}
`;
}
