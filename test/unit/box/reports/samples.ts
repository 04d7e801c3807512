/** Reports as large senders make them, written after the schemas of RFC 7489 (appendix C) and RFC 8460; and mails around them. */
import { deflateRawSync, gzipSync } from 'node:zlib';

/** 2026-11-24, noon: the box's clock. */
export const now = Date.parse('2026-11-24T12:00:00Z') / 1000;
const begin = Date.parse('2026-11-23T00:00:00Z') / 1000;

interface Mails {
  readonly ip: string;
  readonly count: number | string;
  readonly disposition?: string;
  readonly dkim?: string;
  readonly spf?: string;
}

const record = ({ ip, count, disposition = 'none', dkim = 'pass', spf = 'pass' }: Mails, extra = '') => `
  <record>
    <row>
      <source_ip>${ip}</source_ip>
      <count>${count}</count>
      <policy_evaluated>
        <disposition>${disposition}</disposition>
        <dkim>${dkim}</dkim>
        <spf>${spf}</spf>
      </policy_evaluated>
    </row>
    <identifiers>${extra}
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim><domain>example.com</domain><result>${dkim}</result><selector>mail</selector></dkim>
      <spf><domain>example.com</domain><result>${spf}</result></spf>
    </auth_results>
  </record>`;

export interface Feedback {
  readonly root?: string;
  readonly org?: string;
  readonly id?: string;
  readonly begin?: number | string;
  readonly end?: number | string;
  readonly records?: string;
}

export const feedback = (it: Feedback = {}) => `<?xml version="1.0" encoding="UTF-8" ?>
<${it.root ?? 'feedback'}>
  <version>1.0</version>
  <report_metadata>
    <org_name>${it.org ?? 'google.com'}</org_name>
    <email>noreply-dmarc-support@google.com</email>
    <extra_contact_info>https://support.google.com/a/answer/2466580</extra_contact_info>
    <report_id>${it.id ?? '1234567890123456789'}</report_id>
    <date_range>
      <begin>${it.begin ?? begin}</begin>
      <end>${it.end ?? begin + 86_399}</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim><aspf>r</aspf><p>quarantine</p><sp>quarantine</sp><pct>100</pct><np>quarantine</np>
  </policy_published>${it.records ?? record({ ip: '192.0.2.25', count: 42 })}
</${(it.root ?? 'feedback').split(' ')[0]}>
`;

const stranger = { ip: '198.51.100.9', count: 3, disposition: 'reject', dkim: 'fail', spf: 'fail' };

export const google = feedback({
  records: record({ ip: '192.0.2.25', count: 42 }) + record(stranger) + record({ ...stranger, count: 2 }),
});
export const microsoft = feedback({
  root: 'feedback xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  org: 'Enterprise Outlook',
  id: 'e4a1a7c2b8f04c0c9d6c',
  end: begin + 86_400,
  records: record(
    { ip: '2001:db8::7', count: 1, disposition: 'quarantine', dkim: 'fail', spf: 'fail' },
    '<envelope_to>outlook.example</envelope_to><envelope_from>example.com</envelope_from>',
  ),
});
export const yahoo = feedback({
  org: 'Yahoo',
  id: '1732406400.123456',
  records: record({ ip: '192.0.2.25', count: 7 }),
})
  // Theirs is on few lines.
  .replace(/>\s+</g, '><');
export const fastmail = feedback({
  root: 'feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"',
  org: 'Fastmail Pty Ltd',
  id: 'example.com-2026-11-23',
  records: record({ ip: '203.0.113.80', count: 4, dkim: 'pass', spf: 'fail' }),
});

export const tlsReport = (it: object = {}) =>
  JSON.stringify({
    'organization-name': 'Google Inc.',
    'date-range': { 'start-datetime': '2026-11-23T00:00:00Z', 'end-datetime': '2026-11-23T23:59:59Z' },
    'contact-info': 'smtp-tls-reporting@google.com',
    'report-id': '2026-11-23T00:00:00Z_example.com',
    policies: [
      {
        policy: {
          'policy-type': 'sts',
          'policy-string': ['version: STSv1', 'mode: enforce', 'mx: box.example.com', 'max_age: 604800'],
          'policy-domain': 'example.com',
          'mx-host': ['box.example.com'],
        },
        summary: { 'total-successful-session-count': 120, 'total-failure-session-count': 3 },
        'failure-details': [
          {
            'result-type': 'certificate-expired',
            'sending-mta-ip': '203.0.113.58',
            'receiving-mx-hostname': 'box.example.com',
            'failed-session-count': 3,
          },
        ],
      },
    ],
    ...it,
  });

export const microsoftTls = tlsReport({
  'organization-name': 'Microsoft Corporation',
  'report-id': '133768864000000000+example.com',
  policies: [
    {
      policy: { 'policy-type': 'tlsa', 'policy-string': ['3 1 1 abab'], 'policy-domain': 'example.com' },
      summary: { 'total-successful-session-count': 17, 'total-failure-session-count': 0 },
    },
  ],
});

export interface Part {
  readonly type: string;
  readonly name?: string;
  readonly bytes: Buffer | string;
}

const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');

const partText = ({ type, name, bytes }: Part) =>
  [
    `Content-Type: ${type}${name === undefined ? '' : `; name="${name}"`}`,
    ...(name === undefined ? [] : [`Content-Disposition: attachment; filename="${name}"`]),
    'Content-Transfer-Encoding: base64',
    '',
    base64(bytes),
  ].join('\r\n');

const header = (extra: readonly string[]) =>
  [
    ...extra,
    'Date: Tue, 24 Nov 2026 03:00:00 +0000',
    'Message-ID: <1@reports.example>',
    'Subject: Report Domain: example.com Submitter: reports.example Report-ID: 1',
    'From: noreply@reports.example',
    'To: mail-reports@box.example.com',
    'MIME-Version: 1.0',
  ].join('\r\n');

/** The mail is the archive. */
export const alone = (part: Part, extra: readonly string[] = []) =>
  Buffer.from(`${header(extra)}\r\n${partText(part)}\r\n`);

export const mixed = (parts: readonly Part[], type = 'multipart/mixed', extra: readonly string[] = []) =>
  Buffer.from(
    `${header(extra)}\r\nContent-Type: ${type}; boundary="=_part"\r\n\r\n${parts
      .map((part) => `--=_part\r\n${partText(part)}\r\n`)
      .join('')}--=_part--\r\n`,
  );

/** @param claimed what the archive says that a file has, where that is a lie */
export function zip(files: Readonly<Record<string, Buffer | string>>, claimed?: number): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    // gzip ends with the same checksum.
    const sum = gzipSync(bytes, { level: 1 }).subarray(-8).readUInt32LE();
    fields.writeUInt32LE(sum, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimed ?? bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, place, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
