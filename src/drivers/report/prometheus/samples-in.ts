/**
 * The samples in a text of Prometheus (0.0.4) or OpenMetrics, strictly. Which of the two it is, is seen by what only
 * OpenMetrics has; that must then end as OpenMetrics does, so that it is seen when it is cut off.
 */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import type { MetricSample } from '../../../core/validation/fact.ts';
import { seriesAt } from '../../../core/validation/series-at.ts';

/** Throws `report-invalid` with the line, at the latest in the end. */
export function* samplesIn(text: string): Generator<MetricSample> {
  const seen = new Set<string>();
  const counters = new Set<string>();
  let isOpenMetrics = false;
  let hasEnded = false;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (hasEnded) throw invalid('something stands behind its # EOF', number);
    if (/^[ \t]*$/.test(line)) continue;
    if (line === '# EOF') hasEnded = true;
    else if (line.startsWith('#')) {
      const { word, name, type } = commentOf(line, number);
      if (word === 'UNIT' || OPEN_TYPES.has(type)) isOpenMetrics = true;
      if (type === 'counter') counters.add(name);
    } else {
      const { sample, timestamp, hasExemplar } = sampleOf(line, number);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort(), timestamp]);
      if (seen.has(key)) throw invalid(`${sample.name} stands there twice`, number);
      seen.add(key);
      // OpenMetrics leaves the ending out where it says what a counter is.
      const family = sample.name.replace(/_total$/, '');
      const isOpenCounter = family !== sample.name && counters.has(family);
      if (hasExemplar || isOpenCounter) isOpenMetrics = true;
      yield sample;
    }
  }
  if (isOpenMetrics && !hasEnded) throw invalid('it is cut off: it has no # EOF', number);
}

/** Without its end the last line may be half of one; OpenMetrics alone allows `# EOF` to stand there so. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  const last = lines.pop() ?? '';
  if (last === '# EOF') return [...lines, last];
  if (last !== '') throw invalid('it is cut off: its last line has no end', lines.length + 1);
  return lines;
}

const LINE_LENGTH_MAX = 65_536;
const COMMENT = /^#[ \t]+(HELP|TYPE|UNIT)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]+(.*))?$/;
const OPEN_TYPES: ReadonlySet<string> = new Set(['unknown', 'info', 'stateset', 'gaugehistogram']);
const TYPES: ReadonlySet<string> = new Set([
  ...['counter', 'gauge', 'histogram', 'summary', 'untyped'],
  ...OPEN_TYPES,
]);

interface Comment {
  readonly word: string;
  readonly name: string;
  /** '' of what says none. */
  readonly type: string;
}

/** Anything else behind a # is for people. */
function commentOf(line: string, number: number): Comment {
  const [, word = '', name = '', rest = ''] = COMMENT.exec(line) ?? [];
  if (/^#[ \t]+(?:HELP|TYPE|UNIT)\b/.test(line) && word === '') {
    throw invalid('what it says of a metric has no name', number);
  }
  if (word !== 'TYPE') return { word, name, type: '' };
  if (!TYPES.has(rest)) throw invalid(`"${rest.slice(0, 40)}" is no type of a metric`, number);
  return { word, name, type: rest };
}

interface SampleLine {
  readonly sample: MetricSample;
  readonly timestamp: string | null;
  readonly hasExemplar: boolean;
}

const VALUE =
  /^[ \t]+(\S+)(?:[ \t]+(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))?[ \t]*( # \{[^}]*\} \S+(?: \S+)?)?$/;

function sampleOf(line: string, number: number): SampleLine {
  const found = line.length > LINE_LENGTH_MAX ? null : seriesAt(line.trimStart());
  const [, written, timestamp = null, exemplar] =
    (found && VALUE.exec(line.trimStart().slice(found.length))) ?? [];
  const value = written === undefined ? null : valueOf(written);
  if (!found || value === null) throw invalid(`"${line.slice(0, 60)}" is no sample`, number);
  return { sample: { ...found.series, value }, timestamp, hasExemplar: exemplar !== undefined };
}

/** As Go reads numbers, in which the format is defined; null for what is none. */
function valueOf(written: string): number | null {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(written)) return Number(written);
  if (/^nan$/i.test(written)) return NaN;
  if (!/^[+-]?inf(?:inity)?$/i.test(written)) return null;
  return written.startsWith('-') ? -Infinity : Infinity;
}

function invalid(what: string, line: number): OperationalError {
  return operationalError(
    'report-invalid',
    `It is no text of Prometheus: ${what}, in line ${line}.`,
  );
}
