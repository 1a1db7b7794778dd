/** Which latencies a target shows that stops for a while again and again, by arithmetic alone. */

export interface Stalls {
  readonly name: string;
  readonly everyMs: number;
  readonly stallMs: number;
  /** A whole number of them, so that each moment counts as often. */
  readonly count: number;
}

/**
 * Who comes within a stall waits until its end; all others have their answer at once. Of requests at equal distances the
 * share (stall − x) / every waits for longer than x.
 */
export function trueLatencyMs({ everyMs, stallMs }: Stalls, quantile: string): number {
  const share = quantile === 'max' ? 1 : Number(quantile.slice(1)) / 100;
  return Math.max(0, stallMs - (1 - share) * everyMs);
}
