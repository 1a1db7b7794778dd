/** Report `autocannon`: what a target did under the load of autocannon, by its JSON. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import { loadAsked } from '../../../core/validation/asked/load-asked.ts';
import type { Fact, LatencyQuantiles, LoadResult } from '../../../core/validation/fact.ts';
import { readJson } from '../../../platform/read-json.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const autocannonReport = reportDriver({
  id: 'autocannon',
  summary: 'A load by autocannon, in JSON.',
  asks: loadAsked,
  read: readAutocannon,
});

const count = z.int().min(0);

const resultSchema = z.object({
  duration: z.number().positive(),
  /** Without an answer; those that took too long are among them. */
  ...{ errors: count, timeouts: count, mismatches: count, non2xx: count },
  ...{ '1xx': count, '2xx': count, '3xx': count, '4xx': count, '5xx': count },
  latency: z.record(z.string(), z.number().min(0)),
  requests: z.object({ total: count }),
});

type Result = z.output<typeof resultSchema>;

async function* readAutocannon(source: ReportSource): AsyncGenerator<Fact> {
  const result = await readJson(source.chunks(), resultSchema, 'result of autocannon');
  yield { kind: 'tool', name: 'autocannon', version: null };
  yield { kind: 'load', ...loadOf(result) };
}

function loadOf(result: Result): LoadResult {
  const { duration, errors, timeouts, mismatches, non2xx, requests, latency } = result;
  const others = result['1xx'] + result['3xx'] + result['4xx'] + result['5xx'];
  const isSame = non2xx === others && requests.total === result['2xx'] + others;
  if (!isSame || timeouts > errors) {
    const message = 'Its counts do not agree with each other.';
    throw operationalError('report-invalid', message);
  }
  // An answer may be both of another status and of another body.
  const bad = Math.min(requests.total, non2xx + mismatches);
  return {
    requests: requests.total + errors,
    failed: bad + errors,
    durationMs: Math.round(duration * 1_000),
    ratePerSecond: (requests.total - bad) / duration,
    latencyMs: quantilesOf(latency, requests.total),
    generator: null,
  };
}

/**
 * With more times than answers autocannon has added some, for requests that it could not send in time. It does so by
 * milliseconds whatever the rate, so that its quantiles come out lower than any answer was: only the maximum is true.
 */
function quantilesOf(latency: Result['latency'], answers: number): LatencyQuantiles {
  const { totalCount: times = 0, max = NaN } = latency;
  if (times === 0 || answers === 0) return {};
  if (times > answers) return { max };
  const listed = Object.entries(latency).flatMap(([key, ms]) =>
    /^p\d+(?:_\d+)?$/.test(key) ? [[key.replace('_', '.'), ms] as const] : [],
  );
  return { ...Object.fromEntries(listed), max };
}
