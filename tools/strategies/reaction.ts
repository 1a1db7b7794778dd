/**
 * How long a bad release went on having traffic once it had shown what it is. Where the edge saw it first,
 * both moments are its own, on one monotonic clock; where only an answer's time shows it, the first is
 * the load client's, on the wall clock of the same machine.
 */
import type { FirstFailures } from '../../src/core/model/routing.ts';
import type { DeploySpan } from '../demo/deploy-span.ts';
import { cutHistory, type History } from '../load/history.ts';
import type { Fault } from './fault-of.ts';

export interface Promised {
  /** What the time is counted from. */
  readonly from: string;
  readonly quantile: number;
  readonly withinMs: number;
}

const firstServerError: Promised = { from: 'first 5xx', quantile: 0.99, withinMs: 100 };

/** Null where no client's request can show the fault. */
export function promisedOf(strategy: string, fault: Fault): Promised | null {
  const promise = promised[fault] ?? null;
  if (promise === null || fault !== 'hangs' || strategy !== 'baseline') return promise;
  // A hang is told by no more requests of the stable release than the candidate itself has.
  return { ...promise, withinMs: 1_500 };
}

const promised: Readonly<Partial<Record<Fault, Promised>>> = {
  fails: firstServerError,
  decays: firstServerError,
  hangs: { from: 'first hung request sent', quantile: 1, withinMs: 1_000 },
  slow: { from: 'first slow request sent', quantile: 1, withinMs: 3_000 },
};

/** It never had a client's request: it was found before, by probes or by a mirror. */
export function isUntouched({ summary, zeroAtNs }: DeploySpan): boolean {
  return zeroAtNs === null || summary.exposure.requests === 0;
}

/** What the load client's mix has that is long by design. */
const LONG_KINDS: readonly string[] = ['slow', 'sse', 'ws'];

/** Null where the release never had traffic, or showed nothing before it had none. */
export function reactionMs(
  fault: Fault,
  span: DeploySpan,
  seen: {
    readonly firstFailures: FirstFailures;
    readonly history: History;
    /** What an answer may take. */
    readonly slowMs: number;
  },
): number | null {
  const { zeroAtNs, zeroAtMs } = span;
  if (zeroAtNs === null || zeroAtMs === null || isUntouched(span)) return null;
  const sinceNs = (atNs: string | undefined): number | null =>
    atNs === undefined ? null : Number(zeroAtNs - BigInt(atNs)) / 1e6;
  switch (fault) {
    case 'fails':
    case 'decays':
      return sinceNs(seen.firstFailures.serverErrors);
    case 'hangs':
      return sinceNs(seen.firstFailures.hangs ?? seen.firstFailures.timeouts);
    case 'slow': {
      const firstMs = firstSlowAtMs(span, seen.history, seen.slowMs);
      return firstMs === null ? null : zeroAtMs - firstMs;
    }
    case 'dies-at-start':
    case 'miswrites':
    case 'loses':
    // Checks find these, no client does.
    case 'unescapes':
    case 'bares':
    case 'burns':
    case 'leaks':
      return null;
  }
}

function firstSlowAtMs(
  { release, fromMs, toMs }: DeploySpan,
  history: History,
  slowMs: number,
): number | null {
  const sentAtMs = cutHistory(history, fromMs, toMs)
    .filter(({ version, kind }) => version === release && !LONG_KINDS.includes(kind))
    .filter(({ startedAtMs, intendedAtMs, durationMs }) => {
      return durationMs - (startedAtMs - intendedAtMs) > slowMs;
    })
    .map(({ startedAtMs }) => startedAtMs);
  return sentAtMs.length === 0 ? null : Math.min(...sentAtMs);
}
