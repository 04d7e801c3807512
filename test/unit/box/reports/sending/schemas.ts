/** Whether a report is one, by the schemas of the RFCs. */
import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';
import * as z from 'zod';

const xsd = readFileSync(new URL('rua.xsd', import.meta.url), 'utf8');

/** What RFC 7489's schema has against it; nothing where it is valid. */
export async function faultsOfFeedback(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'report.xml', contents: xml }],
    schema: [{ fileName: 'rua.xsd', contents: xsd }],
  });
  return errors.map(({ message }) => message);
}

const count = z.int().min(0);
const time = z.iso.datetime({ precision: 0 });

/** RFC 8460, section 4.4: what must be there and which words there are; a failure's servers may be left out. */
const tlsSchema = z.strictObject({
  'organization-name': z.string().min(1),
  'date-range': z.strictObject({ 'start-datetime': time, 'end-datetime': time }),
  'contact-info': z.email(),
  'report-id': z.string().min(1),
  policies: z
    .array(
      z.strictObject({
        policy: z.strictObject({
          'policy-type': z.enum(['tlsa', 'sts', 'no-policy-found']),
          'policy-string': z.array(z.string()).optional(),
          'policy-domain': z.string().min(1),
          'mx-host': z.array(z.string()).optional(),
        }),
        summary: z.strictObject({
          'total-successful-session-count': count,
          'total-failure-session-count': count,
        }),
        'failure-details': z
          .array(
            z.strictObject({
              'result-type': z.enum([
                'starttls-not-supported',
                'certificate-host-mismatch',
                'certificate-expired',
                'certificate-not-trusted',
                'validation-failure',
                'tlsa-invalid',
                'dnssec-invalid',
                'dane-required',
                'sts-policy-fetch-error',
                'sts-policy-invalid',
                'sts-webpki-invalid',
              ]),
              'sending-mta-ip': z.union([z.ipv4(), z.ipv6()]).optional(),
              'receiving-mx-hostname': z.string().optional(),
              'receiving-mx-helo': z.string().optional(),
              'receiving-ip': z.union([z.ipv4(), z.ipv6()]).optional(),
              'failed-session-count': count,
              'additional-information': z.string().optional(),
              'failure-reason-code': z.string().optional(),
            }),
          )
          .optional(),
      }),
    )
    .min(1),
});
export type TlsTold = z.infer<typeof tlsSchema>;

/** @throws where it is none */
export const readTlsTold = (json: string): TlsTold => tlsSchema.parse(JSON.parse(json));
