/** Report `load`: what `surefoot load --json` has found of a target under load. */
import { loadReportSchema } from '../../../core/load/load-report.ts';
import { contradictionIn } from '../../../core/load/reported-figures.ts';
import { totalArrivals } from '../../../core/load/arrivals.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { loadAsked } from '../../../core/validation/asked/load-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { readJson } from '../../../platform/read-json.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const loadReport = reportDriver({
  id: 'load',
  summary: "What Surefoot's own load generator reports.",
  asks: loadAsked,
  read: readLoad,
});

async function* readLoad(source: ReportSource): AsyncGenerator<Fact> {
  const report = await readJson(source.chunks(), loadReportSchema, 'report of surefoot load');
  const { tool, asked, isComplete, requests, failed, durationMs, ratePerSecond } = report;
  yield { kind: 'tool', ...tool };
  if (!isComplete) {
    yield { kind: 'incomplete', message: 'It was cut off before its time was over.' };
    return;
  }
  const planned = totalArrivals(asked);
  const contradiction =
    requests === planned
      ? contradictionIn(report)
      : `of ${planned} requests that were due ${requests} came to an end`;
  if (contradiction !== null) {
    throw operationalError('report-invalid', `It contradicts itself: ${contradiction}.`);
  }
  yield {
    ...{ kind: 'load', requests, failed, durationMs, ratePerSecond },
    ...{ latencyMs: report.latencyMs ?? {}, generator: report.generator },
  };
}
