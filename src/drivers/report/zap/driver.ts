/** Report `zap`: what ZAP found in a web application, in its traditional JSON report. */
import { z } from 'zod';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { coveredBySeen, noteRequest } from '../../../platform/seen-requests.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';
import { findingsOf, FORMAT } from './findings-of.ts';

export const zapReport = reportDriver({
  id: 'zap',
  summary: "Findings in a web application in ZAP's traditional JSON report.",
  asks: findingsAsked('request'),
  read: readZap,
});

const insightSchema = z.object({
  key: z.string(),
  site: z.string().optional(),
  reason: z.string().optional(),
  description: z.string().optional(),
  statistic: z.string().regex(/^\d+$/),
});

type Insight = z.output<typeof insightSchema>;

const documentSchema = z.object({
  '@version': z.string(),
  '@generated': z.string(),
  site: z.array(z.object({ '@name': z.string(), alerts: z.array(z.unknown()) })),
  /** Missing before 2.17, and where they were not asked for. */
  insights: z.array(insightSchema).optional(),
});

async function* readZap(source: ReportSource): AsyncGenerator<Fact> {
  const seen = new Set<string>();
  for await (const part of jsonElements(source.chunks(), [['site', '*', 'alerts']])) {
    if (part.kind === 'rest') {
      const document = parseReportPart(documentSchema, part.read(), { what: 'It', format: FORMAT });
      yield { kind: 'tool', name: 'zap', version: document['@version'] };
      const total = document.insights?.filter(({ key }) => key === 'insight.endpoint.total') ?? [];
      if (total.length === 0) yield* coveredBySeen(seen);
      for (const insight of document.insights ?? []) yield* factsOf(insight);
      continue;
    }
    for (const { finding, request } of findingsOf(part.read())) {
      if (request !== null) noteRequest(seen, request);
      yield { kind: 'finding', ...finding };
    }
  }
}

/** Of which a part of the site was not reached, or not as whom it should be. */
const HINDRANCES: ReadonlySet<string> = new Set([
  'insight.network.failure',
  'insight.auth.failure',
  'insight.database.full',
  'insight.diskspace.full',
]);

function* factsOf({ key, reason, description, statistic }: Insight): Generator<Fact> {
  if (key === 'insight.endpoint.total') {
    yield { kind: 'covered', unit: 'request', count: Number(statistic) };
  }
  if (HINDRANCES.has(key) && reason === 'Exceeded High') {
    yield { kind: 'incomplete', message: `${description ?? key}: ${statistic}` };
  }
}
