/**
 * Reads what instances take up beside the looks at the traffic. No look ever waits for it: a target that is
 * slow, or away, only leaves readings out.
 */
import { secondOf } from '../../core/model/second-of.ts';
import { READ_EVERY_SECONDS, type UsageReading } from '../../core/verdict/gauge-blocks.ts';
import type { ActionContext } from '../action-context.ts';

export interface UsageReadings {
  /** Those known by now, of the second `from` or later; others are not needed any more. */
  since(from: number): readonly UsageReading[];
  /** From here on nothing is read. */
  end(): void;
}

export function usageReadings({
  drivers,
  service,
  clock,
}: Pick<ActionContext, 'drivers' | 'service' | 'clock'>): UsageReadings {
  const ending = new AbortController();
  const nowSecond = (): number => secondOf(clock.monotonicNs());
  let readings: readonly UsageReading[] = [];
  let isReading = false;
  let dueSecond = 0;

  async function read(): Promise<void> {
    try {
      const instances = await drivers.target.usage(service.scope, { signal: ending.signal });
      readings = [...readings, { second: nowSecond(), instances }];
    } catch {
      // Nobody has told anything: too few readings make no block, and without one there is no evidence.
    } finally {
      isReading = false;
    }
  }

  return {
    since(from) {
      if (!isReading && nowSecond() >= dueSecond) {
        isReading = true;
        dueSecond = nowSecond() + READ_EVERY_SECONDS;
        void read();
      }
      readings = readings.filter(({ second }) => second >= from);
      return readings;
    },
    end: () => ending.abort(),
  };
}
