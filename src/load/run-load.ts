/** One load at one rate: warmed up, offered, waited for, and what came of it. */
import { planArrivals, type ArrivalPlan } from '../core/load/arrivals.ts';
import type { LoadFigures } from '../core/load/reported-figures.ts';
import type { Clock } from '../platform/clock.ts';
import { startGenerator } from './generator.ts';
import { figuresOf, newRecord } from './load-record.ts';
import type { LoadTarget } from './load-target.ts';
import { watchOwnUse } from './own-use.ts';

export interface LoadRun {
  readonly target: LoadTarget;
  readonly plan: ArrivalPlan;
  /** Before it, at the same rate; counted nowhere. 0 for none. */
  readonly warmUpMs: number;
  readonly clock: Clock;
  /** Cuts it off. */
  readonly signal: AbortSignal;
}

export interface LoadOutcome {
  readonly figures: LoadFigures;
  /** False of one that was cut off. */
  readonly isComplete: boolean;
}

export async function runLoad({
  target,
  plan,
  warmUpMs,
  clock,
  signal,
}: LoadRun): Promise<LoadOutcome> {
  const generator = startGenerator(target, clock);
  try {
    const startMs = generator.nowMs();
    if (warmUpMs > 0) {
      const arrivals = planArrivals({ ...plan, durationMs: warmUpMs });
      await generator.offer({ arrivals, record: newRecord(startMs), durationMs: warmUpMs, signal });
    }
    const record = newRecord(startMs + warmUpMs);
    const arrivals = planArrivals(plan);
    const ownUse = watchOwnUse();
    await generator.offer({ arrivals, record, durationMs: plan.durationMs, signal });
    const own = ownUse();
    const isSettled = await generator.settled(record, Infinity, signal);
    const isComplete = isSettled && !signal.aborted;
    const elapsedMs = Math.max(1, generator.nowMs() - record.startMs);
    const askedMs = isComplete ? plan.durationMs : Math.min(plan.durationMs, elapsedMs);
    const connections = { max: target.connectionsMax, opened: generator.connections() };
    return { figures: figuresOf(record, askedMs, own, connections), isComplete };
  } finally {
    await generator.close();
  }
}
