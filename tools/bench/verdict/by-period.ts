/** For judges that look at what happened in a while: gathers ticks, and asks when the while is over. */
import { mergeHistograms, quantileOf } from '../../../src/core/model/histogram.ts';
import type { Judge } from './judge.ts';
import type { ArmTraffic, TrafficTick } from './traffic-model.ts';

/** What a metrics system would say of an arm; null without responses. */
export interface PeriodFigures {
  readonly errorRate: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface Period {
  readonly candidate: PeriodFigures;
  readonly stable: PeriodFigures;
  /** As large a part of the stable release as the candidate is. */
  readonly baseline: PeriodFigures;
}

export function byPeriod(
  name: string,
  { periodS, tickS }: { readonly periodS: number; readonly tickS: number },
  rollsBack: (period: Period) => boolean,
): Judge {
  let gathered: TrafficTick[] = [];
  return {
    name,
    observe(tick) {
      gathered.push(tick);
      if (gathered.length * tickS < periodS) return false;
      const period = {
        candidate: figuresOf(gathered.map(({ candidate }) => candidate)),
        stable: figuresOf(gathered.flatMap(({ slice, rest }) => [slice, rest])),
        baseline: figuresOf(gathered.map(({ slice }) => slice)),
      };
      gathered = [];
      return rollsBack(period);
    },
  };
}

function figuresOf(arms: readonly ArmTraffic[]): PeriodFigures {
  const responses = arms.reduce((sum, arm) => sum + arm.responses, 0);
  const failed = arms.reduce((sum, arm) => sum + arm.failed, 0);
  const latency = mergeHistograms(arms.map((arm) => arm.latency));
  const quantileMs = (quantile: number): number | null => {
    const us = quantileOf(latency, quantile);
    return us === null ? null : us / 1_000;
  };
  return {
    errorRate: responses === 0 ? null : failed / responses,
    p50Ms: quantileMs(0.5),
    p99Ms: quantileMs(0.99),
  };
}
