/** What a gate has observed, beside what it asks for. */

/** One observed value beside its limit. */
export interface Finding {
  readonly metric:
    | 'errorRate'
    | 'latency'
    | 'samples'
    | 'held'
    | 'split'
    | 'trip'
    | 'hang'
    | 'lease'
    | 'waiting'
    | 'ejected'
    | 'quietest'
    | 'timed'
    | 'admission'
    | 'comparison'
    | 'compared'
    | 'discarded'
    | 'silent'
    | 'incident'
    | 'harm'
    | 'resources'
    | 'mirrored'
    | 'different';
  readonly observed: number;
  readonly limit: number;
  readonly unit:
    'fraction' | 'ms' | 'requests' | 'percent' | 'failures' | 'instances' | 'nats' | 'resources';
  /** Requests that the observed value was computed from. */
  readonly samples: number;
  readonly met: boolean;
}

type Measured = readonly [
  metric: Finding['metric'],
  unit: Finding['unit'],
  observed: number,
  limit: number,
  samples: number,
];

export function atMost(...[metric, unit, observed, limit, samples]: Measured): Finding {
  return { metric, unit, observed, limit, samples, met: observed <= limit };
}

export function below(...[metric, unit, observed, limit, samples]: Measured): Finding {
  return { metric, unit, observed, limit, samples, met: observed < limit };
}

export function atLeast(...[metric, unit, observed, limit, samples]: Measured): Finding {
  return { metric, unit, observed, limit, samples, met: observed >= limit };
}
