/** Where the owner's own MX records lead, beside the box's `10 HOST`. Pure. */

/**
 * Whether the owner's own MX records lead mail past the box: none of them is the box, and the first comes no later than
 * the box's would (10). Those that come after it are for when the box does not answer.
 */
export function leadsElsewhere(exchangers: readonly string[], hostname: string): boolean {
  if (exchangers.some((value) => value.endsWith(` ${hostname}.`))) return false;
  return exchangers.some((value) => Number(value.split(' ')[0]) <= 10);
}
