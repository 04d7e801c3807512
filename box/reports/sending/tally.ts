/**
 * What is counted for the box's own reports, by day and domain: the file that a user without rights writes and root reads, so that its
 * shape holds whatever it says. Addresses of servers, domains and numbers; no mailbox, no subject.
 */
import { isIP } from 'node:net';
import * as z from 'zod';
import { domainName } from '../report.ts';

/** A flood of mail makes the numbers larger, and the file no more than this. */
export const bounds = {
  /** Days that are kept: what could not be sent by then is dropped. */
  days: 4,
  /** Domains a day, of each kind. */
  domains: 1000,
  /** Rows a day, over all domains. */
  rows: 10_000,
  /** Ways in which connections to one domain failed. */
  failures: 20,
  signatures: 4,
  /** Connections whose outcome the log has not told yet, and mails of the box's own that wait. */
  pending: 500,
  /** Bytes of the file; its numbers come to less. */
  file: 24 * 1_048_576,
} as const;

const count = z.number().int().min(0).max(1e12);
const domain = z.string().refine((text) => domainName(text) === text, 'is no domain');
const address = z.string().refine((text) => isIP(text) !== 0, 'is no address');
const word = z.string().regex(/^[A-Za-z0-9._-]{0,253}$/);

export const spfResults = ['none', 'neutral', 'pass', 'fail', 'softfail', 'temperror', 'permerror'] as const;
export const dkimResults = ['none', 'pass', 'fail', 'policy', 'neutral', 'temperror', 'permerror'] as const;
export const fates = ['none', 'quarantine', 'reject'] as const;
export type Fate = (typeof fates)[number];

const rowSchema = z.strictObject({
  address,
  /** Of the From:, and of the envelope's sender; the latter is empty where there is none. */
  from: domain,
  envelope: z.union([z.literal(''), domain]),
  fate: z.enum(fates),
  /** The box did otherwise than the domain asks: it puts aside and does not refuse. */
  local: z.boolean(),
  dkim: z.boolean(),
  spf: z.boolean(),
  signatures: z
    .array(z.strictObject({ domain, selector: word, result: z.enum(dkimResults) }))
    .max(bounds.signatures),
  spfResult: z.enum(spfResults),
});
export type Row = z.infer<typeof rowSchema>;

const policySchema = z.strictObject({
  p: z.enum(fates),
  sp: z.enum(fates),
  adkim: z.enum(['r', 's']),
  aspf: z.enum(['r', 's']),
  pct: z.number().int().min(0).max(100),
});
export type Policy = z.infer<typeof policySchema>;

const mailsSchema = z.strictObject({
  policy: policySchema,
  rows: z.array(rowSchema.extend({ count })),
});
export type Mails = z.infer<typeof mailsSchema>;

export const failureTypes = [
  'starttls-not-supported',
  'certificate-host-mismatch',
  'certificate-expired',
  'certificate-not-trusted',
  'validation-failure',
  'tlsa-invalid',
  'dnssec-invalid',
  'dane-required',
] as const;
export type FailureType = (typeof failureTypes)[number];

const failureSchema = z.strictObject({
  type: z.enum(failureTypes),
  /** The server's name and address, where the log says them. */
  mx: z.union([z.literal(''), domain]),
  address: z.union([z.literal(''), address]),
});
export type Failure = z.infer<typeof failureSchema>;

/** How a connection was: as Postfix calls it, or without encryption. */
export const levels = ['verified', 'trusted', 'untrusted', 'clear'] as const;
export type Level = (typeof levels)[number];

const sessionsSchema = z.strictObject({
  verified: count,
  trusted: count,
  untrusted: count,
  clear: count,
  failures: z.array(failureSchema.extend({ count })).max(bounds.failures),
});
export type Sessions = z.infer<typeof sessionsSchema>;

const daySchema = z.strictObject({
  mails: z.record(domain, mailsSchema),
  sessions: z.record(domain, sessionsSchema),
  /** Mails and connections for which there was no room any more. */
  left: count,
});
export type Day = z.infer<typeof daySchema>;

const attemptSchema = z.strictObject({
  mx: failureSchema.shape.mx,
  address: failureSchema.shape.address,
  level: z.enum(levels).optional(),
  type: z.enum(failureTypes).optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

export const tallySchema = z.strictObject({
  format: z.literal(1),
  /** Seconds since 1970: up to when all is counted. */
  until: z.number().int().min(0).max(1e11),
  /** When the last look was: what OpenDMARC wrote before is in a file of its own since. */
  looked: z.number().int().min(0).max(1e11),
  /** The number of the last of these files that is counted. */
  taken: z.number().int().min(0).max(1e13),
  /** How far the log was read. */
  place: z.strictObject({ file: z.number(), offset: z.number() }),
  /** What a process of Postfix has begun. */
  begun: z.record(z.string(), z.array(attemptSchema).max(20)),
  /** The last delivery of a process, so that a second recipient is no second connection. */
  done: z.record(z.string(), z.string().max(700)),
  /** Numbers in the queue of mails with the box's own reports. */
  own: z.array(word),
  days: z.record(z.string().regex(/^\d{4}-\d\d-\d\d$/), daySchema),
});
export type Tally = z.infer<typeof tallySchema>;

export const noTally: Tally = {
  format: 1,
  until: 0,
  looked: 0,
  taken: 0,
  place: { file: 0, offset: 0 },
  begun: {},
  done: {},
  own: [],
  days: {},
};
