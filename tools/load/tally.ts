import type { Outcome } from './outcome.ts';

/** Running counts of a load run and its final summary. Requests and sessions are both counted. */
export interface Counts {
  readonly requests: number;
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  readonly idempotentFailed: number;
  /** Sessions that the server ended politely and that were opened again: no error. */
  readonly reconnected: number;
}

export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Summary extends Counts {
  readonly byReason: Readonly<Record<string, number>>;
  readonly byKind: Readonly<Record<string, Counts>>;
  readonly byVersion: Readonly<Record<string, Counts>>;
  readonly rateWanted: number;
  readonly rateAchieved: number;
  readonly lateStartsMsP99: number;
  /** The machine could not keep the schedule: the figures say less than they seem to. */
  readonly generatorLate: boolean;
  /** Of answered requests from their intended time, without kinds that are slow by design. */
  readonly latencyMs: Latency;
}

export interface Tally {
  add(outcome: Outcome): void;
  counts(): Counts;
  summary(run: RunFigures): Summary;
}

/** What only the generator knows about its own run. */
export interface RunFigures {
  readonly rateWanted: number;
  readonly started: number;
  /** From the first intended arrival to the end of the schedule or the last start, if later. */
  readonly elapsedMs: number;
  readonly slowKinds: readonly string[];
}

/** Starts that are this late, or a rate this far below the wanted one, make a generator late. */
export const lateStartLimitMs = 250;
export const rateShortfallLimit = 0.02;

const sessionKinds: readonly string[] = ['sse', 'ws'];

export function createTally(): Tally {
  const total = emptyCounts();
  const byKind = new Map<string, MutableCounts>();
  const byVersion = new Map<string, MutableCounts>();
  const byReason = new Map<string, number>();
  const latenciesMs = new Map<string, number[]>();
  const lateStartsMs: number[] = [];
  return {
    add(outcome) {
      count(total, outcome);
      count(entryOf(byKind, outcome.kind, emptyCounts), outcome);
      count(entryOf(byVersion, outcome.version ?? 'none', emptyCounts), outcome);
      if (outcome.outcome !== 'ok' && outcome.reason !== null) {
        byReason.set(outcome.reason, (byReason.get(outcome.reason) ?? 0) + 1);
      }
      if (sessionKinds.includes(outcome.kind)) return;
      lateStartsMs.push(outcome.startedAtMs - outcome.intendedAtMs);
      if (outcome.status === null) return;
      entryOf(latenciesMs, outcome.kind, () => []).push(outcome.durationMs);
    },
    counts: () => ({ ...total }),
    summary(run) {
      const ordinary = [...latenciesMs].filter(([kind]) => !run.slowKinds.includes(kind));
      return {
        ...total,
        byReason: Object.fromEntries(byReason),
        byKind: Object.fromEntries(byKind),
        byVersion: Object.fromEntries(byVersion),
        ...rateFigures(run, sorted(lateStartsMs)),
        latencyMs: latencyOf(ordinary.flatMap(([, values]) => values)),
      };
    },
  };
}

/** Quantiles of exact values, by nearest rank; zeros where there are none. */
export function latencyOf(valuesMs: readonly number[]): Latency {
  const ranked = sorted(valuesMs);
  return {
    p50: quantile(ranked, 0.5),
    p95: quantile(ranked, 0.95),
    p99: quantile(ranked, 0.99),
    max: quantile(ranked, 1),
  };
}

type MutableCounts = { -readonly [Key in keyof Counts]: Counts[Key] };

function emptyCounts(): MutableCounts {
  return { requests: 0, ok: 0, failed: 0, unknown: 0, idempotentFailed: 0, reconnected: 0 };
}

function count(counts: MutableCounts, outcome: Outcome): void {
  counts.requests += 1;
  counts[outcome.outcome] += 1;
  if (outcome.outcome === 'failed' && outcome.idempotent) counts.idempotentFailed += 1;
  if (outcome.outcome === 'ok' && outcome.reason === 'reconnected') counts.reconnected += 1;
}

function entryOf<Value>(map: Map<string, Value>, key: string, empty: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const created = empty();
  map.set(key, created);
  return created;
}

function rateFigures(
  run: RunFigures,
  lateStartsMs: readonly number[],
): Pick<Summary, 'rateWanted' | 'rateAchieved' | 'lateStartsMsP99' | 'generatorLate'> {
  const rateAchieved = run.elapsedMs > 0 ? (run.started * 1000) / run.elapsedMs : 0;
  const lateStartsMsP99 = quantile(lateStartsMs, 0.99);
  const isSlow = rateAchieved < run.rateWanted * (1 - rateShortfallLimit);
  return {
    rateWanted: run.rateWanted,
    rateAchieved: rounded(rateAchieved),
    lateStartsMsP99,
    generatorLate: run.started > 0 && (isSlow || lateStartsMsP99 > lateStartLimitMs),
  };
}

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

function quantile(ranked: readonly number[], part: number): number {
  return rounded(ranked[Math.max(0, Math.ceil(part * ranked.length) - 1)] ?? 0);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
