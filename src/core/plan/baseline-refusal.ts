import { counted } from '../words/counted.ts';
import type { Strategy } from './strategy.ts';

/** With more than half for the candidate there is not as much left for its baseline. */
const WEIGHT_MAX = 50;

/**
 * Why a baseline of so many instances cannot stand beside such a rollout, with what to do instead; null
 * when it can. It takes as much as the candidate, and no instance of it more than one of the stable pool.
 */
export function baselineRefusal(
  strategy:
    | { readonly kind: Exclude<Strategy['kind'], 'canary'> }
    | { readonly kind: 'canary'; readonly steps: readonly { readonly weight: number }[] },
  baselineInstances: number,
  stableInstances: number,
): string | null {
  if (strategy.kind !== 'canary') {
    return `a baseline stands beside shares of the traffic that rise step by step; say strategy: canary instead of ${strategy.kind}, or leave it out`;
  }
  const weights = strategy.steps.map(({ weight }) => weight).filter((weight) => weight < 100);
  const largest = Math.max(0, ...weights);
  if (largest > WEIGHT_MAX) {
    return `it takes as much traffic as the candidate, and beside ${largest} % there is not as much left; keep every weight below 100 at ${WEIGHT_MAX} or less`;
  }
  const needed = Math.ceil((largest * stableInstances) / 100);
  if (baselineInstances >= needed) return null;
  return `${counted(baselineInstances, 'instance')} cannot carry the ${largest} % that ${needed} of ${stableInstances} serve now; say instances: ${needed}, or keep the weights lower`;
}
