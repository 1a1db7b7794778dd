import type { TrafficTick } from './traffic-model.ts';

/** What looks at a candidate's traffic, tick by tick, and may roll it back. */
export interface Judge {
  readonly name: string;
  /** Whether it rolls back now. */
  observe(tick: TrafficTick): boolean;
}
