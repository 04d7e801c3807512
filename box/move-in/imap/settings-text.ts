/** What Dovecot is told of another server, as its own configuration. Pure. */
import type { Row } from './table.ts';

/** Port 143 begins in clear and must turn to TLS; every other is TLS from the first byte. */
const starttlsPort = 143;

/**
 * @param own the box's own configuration. From Dovecot 2.4 on its first setting is its version, as it must be of every one; and
 * `%{` in any value begins a variable. Before, a percent sign does in a user's name alone.
 */
export function settingsText(
  { account, host, port, user = account, password, prefix }: Row,
  own: string,
): string {
  const version = /^dovecot_config_version = .*\n/m.exec(own)?.[0] ?? '';
  const isNew = version !== '';
  const text = (value: string) => quoted(isNew ? value.replaceAll('%{', '%%{') : value);
  const settings: Readonly<Record<string, string>> = {
    imapc_host: host,
    imapc_port: String(port),
    imapc_ssl: port === starttlsPort ? 'starttls' : 'imaps',
    imapc_user: isNew ? text(user) : quoted(user.replaceAll('%', '%%')),
    imapc_password: text(password),
    ...(prefix === undefined ? {} : { imapc_list_prefix: text(prefix) }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  return `${version}!include /etc/dovecot/move-in.conf\n${lines.join('')}`;
}

const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;
