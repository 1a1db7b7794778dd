/** Report `k6`: what a target did under the load of a script of k6, by the summary in the end. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { loadAsked } from '../../../core/validation/asked/load-asked.ts';
import type {
  Fact,
  GeneratorState,
  LatencyQuantiles,
  LoadResult,
} from '../../../core/validation/fact.ts';
import { counted } from '../../../core/words/counted.ts';
import { showNumber } from '../../../core/words/show-number.ts';
import { readJson } from '../../../platform/read-json.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { summarySchema, type K6Summary } from './summary-schema.ts';

export const k6Report = reportDriver({
  id: 'k6',
  summary: 'A load by k6, by its summary in JSON.',
  asks: loadAsked,
  read: readK6,
});

async function* readK6(source: ReportSource): AsyncGenerator<Fact> {
  const summary = await readJson(source.chunks(), summarySchema, 'summary of k6');
  const load = loadOf(summary);
  yield { kind: 'tool', name: 'k6', version: summary.version };
  yield { kind: 'load', ...load };
  const judged = numberOf(summary, 'http_req_failed', 'fails') + failedOf(summary);
  if (judged !== load.requests) {
    const [total, some] = [showNumber(load.requests), showNumber(judged)];
    yield { kind: 'incomplete', message: `Of ${total} requests k6 has judged ${some}` };
  }
  for (const threshold of summary.crossed) {
    yield { kind: 'incomplete', message: `A threshold of the script was crossed: ${threshold}` };
  }
}

function loadOf(summary: K6Summary): LoadResult {
  const requests = numberOf(summary, 'http_reqs', 'count');
  // A check is about an answer; several may be about the same one.
  const failed = Math.min(requests, Math.max(failedOf(summary), summary.failedChecks));
  const durationMs =
    summary.durationMs ?? (requests / numberOf(summary, 'http_reqs', 'rate')) * 1_000;
  if (!(durationMs > 0)) throw invalid('it does not say how long it took');
  return {
    ...{ requests, failed, durationMs, ratePerSecond: ((requests - failed) * 1_000) / durationMs },
    latencyMs: requests === 0 ? {} : quantilesOf(summary),
    generator: generatorOf(summary),
  };
}

/** It is the rate of requests that have failed: those for which that is true are its passes. */
function failedOf(summary: K6Summary): number {
  return numberOf(summary, 'http_req_failed', 'passes');
}

function quantilesOf({ metrics }: K6Summary): LatencyQuantiles {
  const values = Object.entries(metrics.get('http_req_duration') ?? {});
  return Object.fromEntries(
    values.flatMap(([key, ms]) => {
      const share = /^p\((\d+(?:\.\d+)?)\)$/.exec(key)?.[1];
      if (share !== undefined) return [[`p${share}`, ms]];
      return key === 'max' ? [['max', ms]] : key === 'med' ? [['p50', ms]] : [];
    }),
  );
}

/** Iterations are dropped when none of the virtual users was free; k6 is silent when none was. */
function generatorOf({ metrics }: K6Summary): GeneratorState | null {
  const dropped = metrics.get('dropped_iterations')?.['count'];
  if (dropped === undefined) return null;
  return { keptUp: dropped === 0, observed: `${counted(dropped, 'iteration')} dropped` };
}

function numberOf({ metrics }: K6Summary, metric: string, key: string): number {
  const value = metrics.get(metric)?.[key];
  if (value === undefined || value < 0) throw invalid(`it has no ${key} of ${metric}`);
  return value;
}

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It is no summary of k6: ${what}.`);
}
