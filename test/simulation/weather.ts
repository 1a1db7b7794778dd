/** What is out of order in the world of a run for a while, and until when anything is. */
import type { VirtualTime } from './virtual-time.ts';

export type Trouble =
  | 'database-away'
  | 'volume-full'
  | 'balancer-away'
  | 'balancer-mute'
  | 'target-away'
  | 'target-mute'
  | 'data-away'
  | 'data-full'
  | 'table-locked'
  | 'store-away'
  | 'approvers-away'
  | 'probes-flap'
  | 'clients-silent'
  | 'samples-stale';

export interface Weather {
  begin(trouble: Trouble, ms: number): void;
  is(trouble: Trouble): boolean;
  /** Whatever it is, it lasts so long from now on. */
  storms(ms: number): void;
  /** Until when anything that has struck so far lasts; 0 when nothing has. */
  stormUntilMs(): number;
}

export function createWeather(time: VirtualTime): Weather {
  const untilMs = new Map<Trouble, number>();
  let stormUntilMs = 0;
  const storms = (ms: number): void => {
    stormUntilMs = Math.max(stormUntilMs, time.nowMs() + ms);
  };
  return {
    storms,
    stormUntilMs: () => stormUntilMs,
    is: (trouble) => untilMs.size > 0 && time.nowMs() < (untilMs.get(trouble) ?? 0),
    begin(trouble, ms) {
      untilMs.set(trouble, Math.max(untilMs.get(trouble) ?? 0, time.nowMs() + ms));
      storms(ms);
    },
  };
}
