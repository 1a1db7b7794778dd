/** What became of the requests of one load, counted as they end. */
import { achievedRate, countedMs, type GoodAnswers } from '../core/load/achieved-rate.ts';
import { judgeGenerator } from '../core/load/judge-generator.ts';
import type { JudgedFigures } from '../core/load/load-limits.ts';
import { reportedQuantiles, type LoadFigures } from '../core/load/reported-figures.ts';
import { OWN_FAILURE, TIMEOUT } from './failure-kind.ts';
import { newHistogram, type LatencyHistogram } from './latency-histogram.ts';
import type { OwnUse } from './own-use.ts';

export interface LoadRecord {
  readonly startMs: number;
  /** Requests that were taken up and have not ended. */
  open: number;
  requests: number;
  failed: number;
  readonly failures: Map<string, number>;
  readonly statuses: Map<number, number>;
  readonly latency: LatencyHistogram;
  readonly service: LatencyHistogram;
  /** Since the start, of good answers: when they were there. */
  readonly arrival: LatencyHistogram;
  /** How much later than intended requests were taken up. */
  readonly lag: LatencyHistogram;
  /** What those took, from their real start, that others had to wait for. */
  readonly waitedFor: LatencyHistogram;
  waited: number;
}

export function newRecord(startMs: number): LoadRecord {
  return {
    ...{ startMs, open: 0, requests: 0, failed: 0, waited: 0 },
    ...{ failures: new Map(), statuses: new Map() },
    ...{ latency: newHistogram(), service: newHistogram(), arrival: newHistogram() },
    ...{ lag: newHistogram(), waitedFor: newHistogram() },
  };
}

export interface EndedRequest {
  readonly dueMs: number;
  /** Null of one that never was on a connection. */
  readonly sentMs: number | null;
  readonly status: number | null;
  /** What went wrong on the way; null of one that was answered. */
  readonly failure: string | null;
  readonly nowMs: number;
  readonly isGood: (status: number) => boolean;
}

/** A quick refusal makes no target look quick; what was given up took that long at least. */
export function countEnd(record: LoadRecord, ended: EndedRequest): void {
  const { failure, status, nowMs, dueMs, sentMs } = ended;
  record.open -= 1;
  record.requests += 1;
  if (failure !== null) {
    fail(record, failure);
    if (failure === TIMEOUT) record.latency.record(nowMs - dueMs);
    return;
  }
  if (status !== null) record.statuses.set(status, (record.statuses.get(status) ?? 0) + 1);
  if (status === null || !ended.isGood(status)) {
    fail(record, `status ${status ?? 'unknown'}`);
    return;
  }
  record.latency.record(nowMs - dueMs);
  record.arrival.record(nowMs - record.startMs);
  if (sentMs !== null) record.service.record(nowMs - sentMs);
}

function fail(record: LoadRecord, kind: string): void {
  record.failed += 1;
  record.failures.set(kind, (record.failures.get(kind) ?? 0) + 1);
}

/** `askedMs`: over how long requests were due. */
export function judgedFigures(
  record: LoadRecord,
  asked: { readonly perSecond: number; readonly durationMs: number; readonly quantile: string },
): JudgedFigures {
  return {
    ...{ askedPerSecond: asked.perSecond, requests: record.requests, failed: record.failed },
    ratePerSecond: achievedRate(asked.durationMs, goodAnswersOf(record)),
    latencyMs: record.latency.quantile(asked.quantile),
  };
}

export function figuresOf(
  record: LoadRecord,
  askedMs: number,
  own: OwnUse,
  connections: { readonly max: number; readonly opened: number },
): LoadFigures {
  const { requests, failed, failures, statuses, latency, service, waited } = record;
  const answers = goodAnswersOf(record);
  const lagP99Ms = record.lag.quantile('p99') ?? 0;
  return {
    ...{ requests, failed, failures: sorted(failures), statuses: sorted(statuses) },
    durationMs: rounded(countedMs(askedMs, answers)),
    ratePerSecond: rounded(achievedRate(askedMs, answers)),
    ...{ latencyMs: quantilesOf(latency), serviceMs: quantilesOf(service) },
    generator: judgeGenerator({
      ...{ requests, lagP99Ms, ...own, waited },
      ownFailures: failures.get(OWN_FAILURE) ?? 0,
      connectionsMax: connections.max,
      waitedForMs: record.waitedFor.quantile('p50'),
      serviceMinMs: service.min(),
    }),
    own: {
      ...{ cpuShare: rounded(own.cpuShare), loopShare: rounded(own.loopShare) },
      ...{ lagP99Ms, connections: connections.opened, waited },
    },
  };
}

function goodAnswersOf({ requests, failed, arrival, latency }: LoadRecord): GoodAnswers {
  return {
    count: requests - failed,
    almostAllMs: arrival.quantile('p99') ?? 0,
    latencyMinMs: latency.min() ?? 0,
  };
}

function quantilesOf(histogram: LatencyHistogram): LoadFigures['latencyMs'] {
  const values = reportedQuantiles.map((name) => [name, histogram.quantile(name) ?? 0] as const);
  return histogram.count() === 0
    ? null
    : (Object.fromEntries(values) as NonNullable<LoadFigures['latencyMs']>);
}

function sorted(counts: ReadonlyMap<string | number, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
