/** How much mail an account may keep, in the words of Mail-in-a-Box v75, which Dovecot's quota rules share. */
import { Failure } from '../machine/failure.ts';

/** The quota as users.sqlite holds it: `0` for none, bytes, or a number with `M` or `G`. @throws Failure */
export function quotaOf(text: string): string {
  const quota = text.toUpperCase();
  if (/^(0|[1-9]\d{0,14}|[1-9]\d{0,8}M|[1-9]\d{0,5}G)$/.test(quota)) return quota;
  throw new Failure(
    `${text === '' ? 'nothing' : text} is not a quota`,
    'give bytes, a number with M or G such as 500M or 2G, or 0 for no limit',
  );
}

/** The same in bytes; 0 for no limit. */
export function bytesOf(quota: string): number {
  const [, number = '0', unit = ''] = /^(\d+)([MG]?)$/.exec(quota) ?? [];
  return Number(number) * ({ M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 1);
}
