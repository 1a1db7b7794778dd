/** Report `wapiti`: what Wapiti found in a web application, in its JSON. */
import { z } from 'zod';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact } from '../../../core/validation/fact.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { coveredBySeen, noteRequest, requestPlace } from '../../../platform/seen-requests.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const wapitiReport = reportDriver({
  id: 'wapiti',
  summary: "Findings in a web application in Wapiti's JSON.",
  asks: findingsAsked('request'),
  read: readWapiti,
});

const FORMAT = "report of Wapiti's";
const LISTS = ['vulnerabilities', 'anomalies', 'additionals'] as const;

/** By category, each with a list, which may be empty. */
const categories = z.record(z.string(), z.array(z.unknown()));

const documentSchema = z.object({
  infos: z.object({
    target: z.string(),
    version: z.string(),
    /** Missing before version 3.1. */
    crawled_pages_nbr: z.int().min(0).optional(),
  }),
  classifications: z.object({}),
  vulnerabilities: categories,
  anomalies: categories,
  additionals: categories.optional(),
});

const findingSchema = z.object({
  method: z.string(),
  path: z.string(),
  info: z.string(),
  level: z.int(),
  parameter: z.string().nullish(),
});

async function* readWapiti(source: ReportSource): AsyncGenerator<Fact> {
  const seen = new Set<string>();
  const paths = LISTS.map((list) => [list, '*']);
  for await (const part of jsonElements(source.chunks(), paths)) {
    if (part.kind === 'rest') {
      const { infos } = parseReportPart(documentSchema, part.read(), {
        ...{ what: 'It', format: FORMAT },
      });
      yield { kind: 'tool', name: 'wapiti', version: infos.version.replace(/^Wapiti /, '') };
      const crawled = infos.crawled_pages_nbr;
      if (crawled === undefined && seen.size === 0) {
        yield { kind: 'incomplete', message: saysNothing(infos.version) };
      } else if (crawled === undefined) yield* coveredBySeen(seen);
      else yield { kind: 'covered', unit: 'request', count: crawled };
      continue;
    }
    const [list, rule = ''] = part.place;
    const found = parseReportPart(findingSchema, part.read(), {
      what: 'A finding',
      format: FORMAT,
    });
    const { method, path: url, info: message, level, parameter } = found;
    // An anomaly may be that no answer came.
    if (list !== 'anomalies') noteRequest(seen, requestPlace({ method, url }).text);
    yield {
      ...{ kind: 'finding', rule, message, isSuppressed: false },
      level: levelOf(String(level)),
      places: [requestPlace({ method, url, parameter: parameter ?? '' })],
    };
  }
}

function saysNothing(version: string): string {
  const remedy = 'plant a route for it to find, or let Wapiti 3.1 or a later one look';
  return `${version} does not say what it looked at, and found nothing: ${remedy}`;
}

/** By Wapiti's own numbers. */
const levelOf = levelsByWord({ 0: 'note', 1: 'low', 2: 'medium', 3: 'high', 4: 'critical' });
