/** How many good answers a second a target gave, and over which time that is counted. */

export interface GoodAnswers {
  readonly count: number;
  /** Since the first request was due, until 99 % of them were there. */
  readonly almostAllMs: number;
  /** The quickest one. */
  readonly latencyMinMs: number;
}

/**
 * Over the time that was asked for; over more when the target fell behind, so that answers came more slowly than
 * requests. An answer takes its time without that: what the quickest one took is no falling behind.
 */
export function countedMs(askedMs: number, { count, ...answers }: GoodAnswers): number {
  if (count === 0) return askedMs;
  return Math.max(askedMs, answers.almostAllMs - answers.latencyMinMs);
}

export function achievedRate(askedMs: number, answers: GoodAnswers): number {
  return (answers.count * 1_000) / countedMs(askedMs, answers);
}
