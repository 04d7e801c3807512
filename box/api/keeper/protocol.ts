/** What the web process and the keeper say to each other: one line of JSON each way, one question a connection. */
import * as z from 'zod';

/** Bytes of a question: a form, and room for what JSON makes of it. */
export const longestQuestion = 1_000_000;
/** A zone's file may be long. */
export const longestAnswer = 20_000_000;

export const questionSchema = z.strictObject({
  /** For example `POST /mail/users/add`: one of the routes, or nothing happens. */
  route: z.string().max(200),
  params: z.record(z.string().max(100), z.string().max(300_000)),
  credentials: z
    .strictObject({
      user: z.string().max(1000),
      secret: z.string().max(1000),
      code: z.string().max(100).optional(),
    })
    .optional(),
  /** The address of the client, as nginx saw it. */
  from: z.union([z.ipv4(), z.ipv6()]),
});
export type Question = z.infer<typeof questionSchema>;

export const replySchema = z.union([
  z.strictObject({ type: z.literal('text'), body: z.string() }),
  z.strictObject({ type: z.literal('json'), body: z.unknown(), session: z.string().optional() }),
  z.strictObject({
    refused: z.enum([
      'unauthenticated',
      'forbidden',
      'missing-totp-token',
      'missing-passkey',
      'busy',
      'bad-request',
      'fault',
    ]),
    reason: z.string(),
    retryAfter: z.number().optional(),
  }),
]);
export type Reply = z.infer<typeof replySchema>;
