/** Report `wrk`: what a target did under the load of wrk, by what wrk prints. */
import { operationalError, type OperationalError } from '../../../core/operational-error.ts';
import { loadAsked } from '../../../core/validation/asked/load-asked.ts';
import type { Fact, LoadResult } from '../../../core/validation/fact.ts';
import { readText } from '../../../platform/read-text.ts';
import { reportDriver, type ReportSource } from '../../contract.ts';

export const wrkReport = reportDriver({
  id: 'wrk',
  summary: 'A load by wrk, as it prints it.',
  asks: loadAsked,
  read: readWrk,
});

const BYTES_MAX = 1024 * 1024;

async function* readWrk(source: ReportSource): AsyncGenerator<Fact> {
  const text = await readText(source.chunks(), BYTES_MAX);
  const runs = [...text.matchAll(RUN)];
  // Scripts print before and behind; what wrk itself began it must have ended.
  const begun = [...text.matchAll(/^Running \S+ test @/gm)].length;
  if (begun === 0) throw invalid('there is no "Running … test @" in it');
  if (begun > runs.length) throw invalid('a run is cut off, or is of another version');
  yield { kind: 'tool', name: 'wrk', version: null };
  for (const { groups = {} } of runs) yield { kind: 'load', ...loadOf(groups) };
}

const TIME = String.raw`\d+\.\d\d(?:us|ms|s|m|h)`;
const RUN = new RegExp(
  [
    String.raw`^Running \S+ test @ \S+`,
    String.raw` +\d+ threads and \d+ connections`,
    String.raw` +Thread Stats +Avg +Stdev +Max +\+/- Stdev`,
    String.raw` +Latency +${TIME} +${TIME} +(?<max>${TIME}) +\S+`,
    String.raw` +Req/Sec +\S+ +\S+ +\S+ +\S+`,
    String.raw`(?: +Latency Distribution\n(?<quantiles>(?: +\d+% +${TIME}\n){1,20}))? +(?<answers>\d+) requests in (?<duration>${TIME}), \S+ read`,
    String.raw`(?: +Socket errors: connect (?<connect>\d+), read (?<read>\d+), write (?<write>\d+), timeout (?<timeout>\d+)\n)?(?: +Non-2xx or 3xx responses: (?<refused>\d+)\n)?Requests/sec: +(?<rate>\d+\.\d\d)`,
    String.raw`Transfer/sec: +\d+\.\d\d[KMGTP]?B\n`,
  ].join(String.raw`\n`),
  'gm',
);

function loadOf(found: Readonly<Record<string, string | undefined>>): LoadResult {
  const { max = '', quantiles = '', duration = '' } = found;
  const [answers, refused, perSecond] = [found['answers'], found['refused'], found['rate']].map(
    (digits) => Number(digits ?? 0),
  ) as [number, number, number];
  const durationMs = msOf(duration);
  const isSame = Math.abs(answers - (perSecond * durationMs) / 1_000) <= answers * ROUNDED;
  if (!isSame || refused > answers) throw invalid('its counts do not agree with each other');
  const unanswered = [found['connect'], found['read'], found['write'], found['timeout']]
    .map((digits) => Number(digits ?? 0))
    .reduce((sum, count) => sum + count, 0);
  const listed = [...quantiles.matchAll(QUANTILE)].map(
    ([, share = '', time = '']) => [`p${share}`, msOf(time)] as const,
  );
  return {
    requests: answers + unanswered,
    failed: refused + unanswered,
    durationMs,
    ratePerSecond: answers === 0 ? 0 : (perSecond * (answers - refused)) / answers,
    // Without an answer all of them are 0, which nothing has shown.
    latencyMs: answers === 0 ? {} : { ...Object.fromEntries(listed), max: msOf(max) },
    generator: null,
  };
}

const QUANTILE = new RegExp(String.raw`(\d+)% +(${TIME})`, 'g');
/** A duration has two digits behind its point, and is in minutes or hours where it is long. */
const ROUNDED = 0.01;

function msOf(time: string): number {
  const [, digits, unit = ''] = /^([\d.]+)(\w+)$/.exec(time) ?? [];
  // In hundredths, of which there is a whole number.
  return (Math.round(Number(digits) * 100) * (MICROSECONDS.get(unit) ?? NaN)) / 100_000;
}

const MICROSECONDS: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['ms', 1_000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
]);

function invalid(what: string): OperationalError {
  return operationalError('report-invalid', `It is not what wrk prints: ${what}.`);
}
