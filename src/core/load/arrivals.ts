/**
 * When requests are due, whatever became of those before: an open loop. There are as many as the rate asks for in
 * either form; the Poisson one is what its arrivals are once their number is known, uniform moments in their order.
 */
import { mersenne } from 'pure-rand/generator/mersenne';
import { invariant } from '../invariant.ts';

export type ArrivalForm = 'constant' | 'poisson';

export interface ArrivalPlan {
  readonly form: ArrivalForm;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** The same moments for the same seed; a constant rate needs none. */
  readonly seed: number;
}

export interface Arrivals {
  readonly total: number;
  /** Milliseconds after the start, before its end and never before the last one; null when there are no more. */
  next(): number | null;
}

export function planArrivals(plan: ArrivalPlan): Arrivals {
  const total = totalArrivals(plan);
  return { total, next: plan.form === 'constant' ? evenly(plan, total) : byChance(plan, total) };
}

/** Those due before the end. */
export function totalArrivals({
  ratePerSecond,
  durationMs,
}: Pick<ArrivalPlan, 'ratePerSecond' | 'durationMs'>): number {
  invariant(ratePerSecond > 0 && durationMs > 0, 'a load has a rate and a duration');
  // What rounding adds to 1,000.0 makes no further request.
  return Math.ceil((ratePerSecond * durationMs) / 1_000 - 1e-9);
}

function evenly({ ratePerSecond }: ArrivalPlan, total: number): Arrivals['next'] {
  let index = 0;
  return () => {
    if (index >= total) return null;
    const dueMs = (index * 1_000) / ratePerSecond;
    index += 1;
    return dueMs;
  };
}

const UINT32_RANGE = 2 ** 32;

/** The least of so many uniform moments in what is left of the time, again and again. */
function byChance({ durationMs, seed }: ArrivalPlan, total: number): Arrivals['next'] {
  const generator = mersenne(seed);
  let left = total;
  let dueMs = 0;
  return () => {
    if (left === 0) return null;
    const uniform = (generator.next() >>> 0) / UINT32_RANGE;
    dueMs += (durationMs - dueMs) * (1 - (1 - uniform) ** (1 / left));
    left -= 1;
    return dueMs;
  };
}
