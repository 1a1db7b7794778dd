/** How an arm's response times come and go without any fault: seconds that lie together are alike. */
import type { Draws } from './draws.ts';

/** Ornstein-Uhlenbeck: comes back to 0 within the time that it keeps, with this deviation. */
export interface DriftKind {
  readonly deviation: number;
  readonly keepsS: number;
}

/** Short enough that a quarter of an hour averages it out, which favours judges that look that seldom. */
const ARM_KEEPS_S = 60;

/** In logarithms of the response time: what all arms have in common, and what each has for itself. */
export const drifts = {
  common: { deviation: 0.05, keepsS: 1_800 },
  candidate: { deviation: 0.015, keepsS: ARM_KEEPS_S },
  stable: { deviation: 0.005, keepsS: ARM_KEEPS_S },
} as const satisfies Record<string, DriftKind>;

/** The drift so many seconds after `before`. */
export function driftOn(
  draws: Draws,
  { deviation, keepsS }: DriftKind,
  before: number,
  afterS: number,
): number {
  const kept = Math.exp(-afterS / keepsS);
  return before * kept + deviation * Math.sqrt(1 - kept * kept) * draws.normal();
}
