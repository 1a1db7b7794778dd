/** Report `nuclei`: what the templates of nuclei matched, in its JSON Lines or as one list (`-json-export`). */
import { z } from 'zod';
import { findingsAsked } from '../../../core/validation/asked/findings-asked.ts';
import type { Fact, Finding } from '../../../core/validation/fact.ts';
import type { FoundPlace } from '../../../core/validation/found-place.ts';
import { levelsByWord } from '../../../core/validation/levels-by-word.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { doubledInWords, doubledKey } from '../../../platform/doubled-key.ts';
import { jsonElements } from '../../../platform/json-elements.ts';
import { parseReportPart } from '../../../platform/parse-report-part.ts';
import { reportLines } from '../../../platform/report-lines.ts';
import { coveredBySeen, noteRequest, requestPlace } from '../../../platform/seen-requests.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const nucleiReport = reportDriver({
  id: 'nuclei',
  summary: "Matches of nuclei's templates, in JSON Lines or as one list.",
  asks: findingsAsked('request'),
  read: readNuclei,
});

const recordSchema = z.object({
  'template-id': z.string().min(1),
  info: z.object({
    name: z.string(),
    severity: z.string(),
    classification: z.object({ 'cve-id': z.array(z.string()).nullish() }).nullish(),
  }),
  type: z.string(),
  host: z.string().optional(),
  'matched-at': z.string().optional(),
  'matcher-name': z.string().optional(),
  /** False of what `-matcher-status` shows beside matches. */
  'matcher-status': z.boolean().optional(),
  request: z.string().optional(),
  response: z.string().optional(),
  error: z.string().optional(),
});

type Entry = z.output<typeof recordSchema>;

async function* readNuclei(source: ReportSource): AsyncGenerator<Fact> {
  const seen = new Set<string>();
  let isOfNuclei = false;
  for await (const value of valuesIn(source)) {
    const what = { what: 'An entry', format: 'result of nuclei' };
    const entry = parseReportPart(recordSchema, value, what);
    if (!isOfNuclei) yield { kind: 'tool', name: 'nuclei', version: null };
    isOfNuclei = true;
    const isMatch = entry['matcher-status'] ?? true;
    const place = entryPlace(entry);
    const seenAs = place.text;
    // What a template did not match shows that it looked, if an answer came.
    const isAnswered = isMatch || (!entry.error && Boolean(entry.response));
    if (isAnswered) noteRequest(seen, isMatch ? seenAs : `${seenAs} ${entry['template-id']}`);
    if (isMatch) yield { kind: 'finding', ...findingOf(entry, place) };
  }
  yield* coveredBySeen(seen);
}

async function* valuesIn(source: ReportSource): AsyncGenerator {
  if ((await firstLetterOf(source)) === '[') {
    for await (const part of jsonElements(source.chunks(), [[]])) {
      const value = part.read();
      if (part.kind === 'element') yield value;
    }
    return;
  }
  for await (const { text, number } of reportLines(source.chunks())) {
    if (text.trim() !== '') yield parsedLine(text, number);
  }
}

async function firstLetterOf(source: ReportSource): Promise<string> {
  for await (const chunk of source.chunks()) {
    const text = chunk.toString('latin1').replace(/^\u00EF\u00BB\u00BF/, '');
    const [letter] = text.trimStart();
    if (letter !== undefined) return letter;
  }
  return '';
}

function parsedLine(text: string, number: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw operationalError('report-invalid', `Line ${number} is no JSON.`);
  }
  const doubled = doubledKey(text, value);
  if (doubled === null) return value;
  throw operationalError('report-invalid', `${doubledInWords(doubled)}, in line ${number}.`);
}

function findingOf(entry: Entry, place: FoundPlace): Finding {
  const { 'template-id': rule, 'matcher-name': matcher, info } = entry;
  return {
    ...{ rule, message: info.name, places: place.text === '' ? [] : [place], isSuppressed: false },
    aliases: [
      ...(matcher === undefined ? [] : [`${rule}:${matcher}`]),
      ...(info.classification?.['cve-id'] ?? []),
    ],
    // `unknown` is one of its words, and no reason to look away.
    level: levelOf(info.severity),
  };
}

const levelOf = levelsByWord({
  info: 'note',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
});

function entryPlace({ 'matched-at': matchedAt, host, request = '' }: Entry): FoundPlace {
  const [, method = null] = /^([A-Z]+) \S+ HTTP\//.exec(request) ?? [];
  return requestPlace({ method, url: matchedAt ?? host ?? '' });
}
