/** Report `hey`: what a target did under the load of hey, by the summary that it prints. */
import { loadAsked } from '../../../core/validation/asked/load-asked.ts';
import type { Fact, LatencyQuantiles, LoadResult } from '../../../core/validation/fact.ts';
import { showNumber } from '../../../core/words/show-number.ts';
import { readText } from '../../../platform/read-text.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { parseSummary, type HeySummary } from './parse-summary.ts';

export const heyReport = reportDriver({
  id: 'hey',
  summary: 'A load by hey, by the summary that it prints.',
  asks: loadAsked,
  read: readHey,
});

/** Each kind of error is a line, and may name a port of its own. */
const BYTES_MAX = 64 * 1024 * 1024;

async function* readHey(source: ReportSource): AsyncGenerator<Fact> {
  const summary = parseSummary(await readText(source.chunks(), BYTES_MAX));
  const load = loadOf(summary);
  yield { kind: 'tool', name: 'hey', version: null };
  const { totalSeconds, requestsPerSecond } = summary;
  const made = totalSeconds * requestsPerSecond;
  if (Math.abs(made - load.requests) > requestsPerSecond * ROUNDED_SECONDS + 1) {
    const [told, listed] = [showNumber(Math.round(made)), showNumber(load.requests)];
    yield { kind: 'incomplete', message: `hey made ${told} requests and tells of ${listed}` };
  }
  yield { kind: 'load', ...load };
}

/** Four digits stand behind the point. */
const ROUNDED_SECONDS = 0.000_05;

function loadOf({ answers, unanswered, ...summary }: HeySummary): LoadResult {
  const counts = [...answers];
  const requests = counts.reduce((sum, [, count]) => sum + count, unanswered);
  const failed = counts
    .filter(([status]) => status >= 400)
    .reduce((sum, [, count]) => sum + count, unanswered);
  const good = requests === 0 ? 0 : (requests - failed) / requests;
  return {
    ...{ requests, failed, durationMs: msOf(summary.totalSeconds), generator: null },
    ratePerSecond: summary.requestsPerSecond * good,
    latencyMs: counts.length === 0 ? {} : quantilesOf(summary),
  };
}

/** Of few requests hey has no p99, and writes `0% in 0.0000 secs` for it. */
function quantilesOf({
  quantileSeconds,
  slowestSeconds,
}: Pick<HeySummary, 'quantileSeconds' | 'slowestSeconds'>): LatencyQuantiles {
  const listed = [...quantileSeconds].filter(([share]) => share > 0);
  return {
    ...Object.fromEntries(listed.map(([share, seconds]) => [`p${share}`, msOf(seconds)])),
    max: msOf(slowestSeconds),
  };
}

/** Of seconds with four digits behind the point. */
function msOf(seconds: number): number {
  return Math.round(seconds * 10_000) / 10;
}
