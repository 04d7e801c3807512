/** The middle one of some figures, and others of their order. */
export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** The one below which a share of them lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
