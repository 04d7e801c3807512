/**
 * What Mail-in-a-Box's public clients send, byte for byte, but for `{host}`, `{basic}` (the log-in) and lengths, which
 * follow from the values. Written down from what each of them puts together, and from how curl and Go write HTTP/1.1.
 */
export interface Recorded {
  readonly client: string;
  /** In the order in which it sends them: the request, and what it takes for success. */
  readonly exchanges: readonly (readonly [request: string, succeeds: RegExp])[];
}

const crlf = (...lines: readonly string[]) => lines.join('\r\n');
const challenge = '_acme-challenge.example.com';
const value = 'XKrxpRBosdIKFzxW_CT3KLZNf6q0HG9i01zxXp5CPBs';
const updated = /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nupdated DNS: example\.com\n$/;
const isJsonList = /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\[[\s\S]*\]\s*$/;

/** acme.sh, by curl: the value as a form's body that is no form. */
const acmeSh = (method: string, path: string, body?: string) =>
  crlf(
    `${method} /admin/dns/${path} HTTP/1.1`,
    'Host: {host}',
    'User-Agent: acme.sh/3.0.9 (https://github.com/acmesh-official/acme.sh)',
    'Accept: */*',
    'Authorization: Basic {basic}',
    ...(body === undefined
      ? []
      : [`Content-Length: ${body.length}`, 'Content-Type: application/x-www-form-urlencoded']),
    '',
    body ?? '',
  );

/** Go's net/http: headers in the order of their names, the encoding that it adds itself at the end. */
const go = (method: string, path: string, body: string | undefined, accept?: string) =>
  crlf(
    `${method} /admin/${path} HTTP/1.1`,
    'Host: {host}',
    'User-Agent: Go-http-client/1.1',
    ...(body === undefined ? [] : [`Content-Length: ${body.length}`]),
    ...(accept === undefined ? [] : [`Accept: ${accept}`]),
    'Authorization: Basic {basic}',
    'Accept-Encoding: gzip',
    '',
    body ?? '',
  );

export const acmeClients: readonly [acmeSh: Recorded, lego: Recorded, libdns: Recorded] = [
  {
    client: 'acme.sh dns_miab',
    exchanges: [
      [acmeSh('GET', 'zones'), isJsonList],
      [acmeSh('POST', `custom/${challenge}/txt`, value), updated],
      [acmeSh('GET', 'zones'), isJsonList],
      [acmeSh('DELETE', `custom/${challenge}/txt`, value), updated],
    ],
  },
  {
    client: 'lego, provider mailinabox',
    exchanges: [
      [go('POST', `dns/custom/${challenge}/TXT`, value), updated],
      [go('DELETE', `dns/custom/${challenge}/TXT`, value), updated],
    ],
  },
  {
    client: 'libdns mailinabox',
    exchanges: [
      [
        go('POST', 'login', '', 'JSON'),
        /^HTTP\/1\.1 200 (?=[\s\S]*"status": "ok")(?=[\s\S]*"admin")[\s\S]*"api_key": "(?<key>[^"]+)"/,
      ],
      [go('GET', 'dns/zones', undefined, 'json'), /"example\.com"/],
      [go('POST', `dns/custom/${challenge}/TXT`, value, 'json'), updated],
      [go('GET', 'dns/custom', undefined, 'json'), new RegExp(`"value": "${value}"`)],
      [go('PUT', `dns/custom/${challenge}/TXT`, 'another', 'json'), updated],
      [go('DELETE', `dns/custom/${challenge}/TXT`, 'another', 'json'), updated],
    ],
  },
];

const curl = (method: string, path: string, more: readonly string[] = []) =>
  crlf(
    `${method} /admin/dns/custom/${path} HTTP/1.1`,
    'Host: {host}',
    'Authorization: Basic {basic}',
    'User-Agent: curl/7.88.1',
    'Accept: */*',
    ...more,
    '',
    '',
  );

/** Routers and their scripts: an empty body is the address that this comes from. */
export const addressClients: readonly [bodiless: Recorded, empty: Recorded] = [
  {
    client: 'curl -X PUT',
    exchanges: [
      [curl('PUT', 'home.example.com'), updated],
      [curl('PUT', 'home.example.com/A'), /\r\n\r\nOK$/],
      [curl('DELETE', 'home.example.com'), updated],
    ],
  },
  {
    client: 'curl -X PUT -d ""',
    exchanges: [
      [
        curl('PUT', 'home.example.com/a', [
          'Content-Length: 0',
          'Content-Type: application/x-www-form-urlencoded',
        ]),
        updated,
      ],
      [curl('DELETE', 'home.example.com'), updated],
    ],
  },
];
