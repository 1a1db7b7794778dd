/** A verdict's figures: every finding beside its limit, the candidate beside the stable release. */
import type { ExplainedFinding, JudgedTraffic } from '../../core/explanation/explanation.ts';
import type {
  ComparedArm,
  ComparedFigures,
  GaugeGrowth,
} from '../../core/verdict/compared-figures.ts';
import { counted } from '../../core/words/counted.ts';
import { growthWords } from '../../core/words/growth-words.ts';
import { showOdds } from '../../core/words/odds-sentence.ts';
import { showNumber } from '../../core/words/show-number.ts';
import { showValue } from '../../core/words/show-value.ts';
import { courseLines, type CourseStyle } from './course-lines.ts';
import { tableLines } from './table.ts';

const HEADER = ['METRIC', 'CANDIDATE', 'STABLE', 'LIMIT', 'MET'];
const NONE = '';
const NO_ANSWER = 'no answer';

export function judgedLines(judged: JudgedTraffic, style: Omit<CourseStyle, 'needed'>): string[] {
  const { compared, findings, evidence, course } = judged;
  const rows = [
    ...findings.map((finding) => findingRow(finding)),
    ...(compared ? comparedRows(compared) : []),
  ];
  const missing = findings.flatMap((finding) => finding.missing ?? []);
  return [
    ...tableLines({ header: HEADER, rows, columns: style.columns }),
    ...(evidence === null ? [] : [`evidence: ${evidence}`]),
    ...(compared && compared.candidate.responses > 0
      ? [familiesLine(compared, judged.families)]
      : []),
    ...(compared?.gauges ?? []).map(growthLine),
    ...(judged.verdict === 'INCONCLUSIVE' && missing.length > 0
      ? [`for a PASS it would have taken: ${missing.join('; ')}`]
      : []),
    ...(course ? courseLines(course, { ...style, needed: compared?.needed ?? null }) : []),
  ];
}

function findingRow(finding: ExplainedFinding): string[] {
  const { metric, name, observed, limit, unit, bound, met, samples, stable } = finding;
  const ofAll = metric === 'errorRate' ? ` of ${showNumber(samples)}` : '';
  const isUnknown = samples === 0 && (metric === 'errorRate' || metric === 'latency');
  return [
    name,
    isUnknown ? NO_ANSWER : `${showValue(observed, unit, limit)}${ofAll}`,
    stable === null ? NONE : showValue(stable, unit, limit),
    `${bound} ${showValue(limit, unit, observed)}`,
    met ? 'yes' : 'NO',
  ];
}

/** What the evidence was made from; its limit is that of the evidence. */
function comparedRows({ candidate, stable }: ComparedFigures): string[][] {
  return [
    ['callers that met a failure', failuresOf(candidate), failuresOf(stable), NONE, NONE],
    ['response time p50/p95/p99', latencyOf(candidate), latencyOf(stable), NONE, NONE],
  ];
}

function failuresOf({ failures, responses }: ComparedArm): string {
  return `${showNumber(failures)} in ${showNumber(responses)}`;
}

function latencyOf({ latencyMs }: ComparedArm): string {
  if (latencyMs === null) return NO_ANSWER;
  const { p50, p95, p99 } = latencyMs;
  return `${[p50, p95, p99].map((ms) => showNumber(ms)).join('/')} ms`;
}

function growthLine(growth: GaugeGrowth): string {
  return `${growthWords(growth)} (${showOdds(growth.evidence)})`;
}

function familiesLine(
  { evidence, culprits, ticks, discarded }: ComparedFigures,
  families: JudgedTraffic['families'],
): string {
  const parts = families.map((family) => `${family} ${showOdds(evidence.families[family])}`);
  const named = culprits.length === 0 ? '' : `; to blame: ${culprits.join(' and ')}`;
  const lost = discarded === 0 ? '' : `, ${showNumber(discarded)} of them without usable figures`;
  return `of that ${parts.join(', ')}${named}; from ${counted(ticks, 'second')}${lost}`;
}
