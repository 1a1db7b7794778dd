/**
 * Evidence that a gauge of the candidate (memory, open files) grows faster than it may: whether its
 * newest block ranks too high among all blocks so far. A one-sided conformal martingale: no
 * distribution is assumed, only that blocks are exchangeable when nothing grows.
 */
import { logMeanExp } from './log-mean-exp.ts';

export interface GaugeMartingale {
  /** Differences to the reference less the margin, block by block, in the gauge's unit. */
  readonly blocks: readonly number[];
  /** ln of the capital of each bet. */
  readonly bets: readonly number[];
}

/** Blocks before the first bet: there is nothing to rank the first ones among. */
const BLOCKS_BEFORE_BETS = 6;
const EXPONENTS: readonly number[] = [0.1, 0.25, 0.5, 0.75];

export const initialGauge: GaugeMartingale = { blocks: [], bets: EXPONENTS.map(() => 0) };

/** Blocks must be much longer than the gauge's autocorrelation; one of them is 5 minutes. */
export function observeBlock(
  { blocks, bets }: GaugeMartingale,
  difference: number,
): GaugeMartingale {
  const all = [...blocks, difference];
  if (all.length <= BLOCKS_BEFORE_BETS) return { blocks: all, bets };
  const logP = Math.log(rankOf(all));
  return {
    blocks: all,
    bets: bets.map((bet, at) => {
      const exponent = EXPONENTS[at] ?? 0;
      return bet + Math.log(exponent) + (exponent - 1) * logP;
    }),
  };
}

/** For blocks that can't be ranked among those before; what the bets have come to stays. */
export function rankedAnew(
  gauges: Readonly<Record<string, GaugeMartingale>>,
): Readonly<Record<string, GaugeMartingale>> {
  const emptied = Object.entries(gauges).map(([name, { bets }]) => [name, { blocks: [], bets }]);
  return Object.fromEntries(emptied) as Record<string, GaugeMartingale>;
}

/** The share of blocks that are no lower than the newest one, itself included. */
export function rankOf(blocks: readonly number[]): number {
  const newest = blocks.at(-1) ?? 0;
  return blocks.filter((block) => block >= newest).length / blocks.length;
}

/** ln E that the gauge grows. */
export function gaugeEvidence({ bets }: GaugeMartingale): number {
  return logMeanExp(bets);
}
