/** Report `prometheus`: metrics of a process, in the text format of Prometheus or in OpenMetrics. */
import { metricsAsked } from '../../../core/validation/asked/metrics-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { readText } from '../../../platform/read-text.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { samplesIn } from './samples-in.ts';

export const prometheusReport = reportDriver({
  id: 'prometheus',
  summary: 'Metrics in the text format of Prometheus, or in OpenMetrics.',
  asks: metricsAsked,
  read: readPrometheus,
});

const BYTES_MAX = 16 * 1024 * 1024;

async function* readPrometheus(source: ReportSource): AsyncGenerator<Fact> {
  for (const sample of samplesIn(await readText(source.chunks(), BYTES_MAX))) {
    yield { kind: 'metric', ...sample };
  }
}
