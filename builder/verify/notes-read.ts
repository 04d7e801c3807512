/** `exports.json` and `provenance.json` as files that anybody may have written. */
import * as z from 'zod';

const sum = z.string().regex(/^[0-9a-f]{64}$/);

const exportsSchema = z.record(z.string(), z.object({ image: sum, sha256: sum.optional() }));
export type ReadExports = z.output<typeof exportsSchema>;

const statementSchema = z.object({
  _type: z.string(),
  predicateType: z.string(),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: sum }) })),
  predicate: z.unknown(),
});
export type ReadStatement = z.output<typeof statementSchema>;

/** Each gives undefined where the text is nothing of the kind. */
export const parseExports = (text: string) => parsed(exportsSchema, text);
export const parseStatement = (text: string) => parsed(statementSchema, text);

function parsed<T extends z.ZodType>(schema: T, text: string): z.output<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
