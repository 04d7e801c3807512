/** Takes a mail apart: what lies in it beside its text, and whether it came from whom it says. */
import { Blob as NodeBlob } from 'node:buffer';
import { limits } from './limits.ts';

export interface Parts {
  readonly files: readonly Buffer[];
  /** By the box's own verdict (DMARC), which is written on top; what others forged of it was taken out at the door. */
  readonly proven: boolean;
}

export async function partsOf(mail: Buffer, hostname: string): Promise<Parts> {
  // The library asks for it as browsers have it, and so has Node.js since 18.
  const world = globalThis as { Blob?: unknown };
  world.Blob ??= NodeBlob;
  const { default: PostalMime } = await import('postal-mime');
  const { attachments, headers } = await PostalMime.parse(mail, {
    maxNestingDepth: limits.depth,
    maxHeadersSize: 1_048_576,
  });
  return {
    files: attachments.slice(0, limits.parts).map(({ content }) => Buffer.from(content as ArrayBuffer)),
    proven: headers.some(({ key, value }) => key === 'authentication-results' && isPass(value, hostname)),
  };
}

function isPass(verdict: string, hostname: string): boolean {
  const [by = '', ...rest] = verdict.split(';');
  return by.trim().toLowerCase() === hostname && rest.some((one) => /^\s*dmarc=pass\b/i.test(one));
}
