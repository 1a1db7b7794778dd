/** How a judged step went, as charts of both releases: one line a metric and release, one column a point. */
import { foldCourse, type CourseArm, type TrafficCourse } from '../../core/gates/traffic-course.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { showNumber } from '../../core/words/show-number.ts';
import { sparkline } from './sparkline.ts';

export interface CourseStyle {
  /** Width of a line. */
  readonly columns: number;
  /** For charts, from low to high. */
  readonly glyphs: readonly string[];
  /** ln E that condemns; null when nothing is compared. */
  readonly needed: number | null;
}

interface Row {
  readonly metric: string;
  readonly arm: string;
  readonly values: readonly (number | null)[];
  /** Rows of one scale can be compared with the eye. */
  readonly scale: string;
}

const COLUMNS_MAX = 100;
/** Metric, release and the range beside the chart. */
const COLUMNS_BESIDE = 42;
const COLUMNS_MIN = 8;

export function courseLines(whole: TrafficCourse, style: CourseStyle): string[] {
  const width = Math.min(style.columns, COLUMNS_MAX) - COLUMNS_BESIDE;
  if (width < COLUMNS_MIN) return [];
  const course = foldCourse(whole, width);
  const rows = rowsOf(course).filter(({ values }) => values.some((value) => value !== null));
  const metricWidth = Math.max(...rows.map(({ metric }) => metric.length));
  const armWidth = Math.max(...rows.map(({ arm }) => arm.length));
  const { seconds, secondsPerPoint } = course;
  return [
    `over ${showDuration(seconds * 1_000)}, ${showDuration(secondsPerPoint * 1_000)} a column:`,
    ...rows.map((row) => {
      const beside = rows.filter(({ scale }) => scale === row.scale);
      const isEvidence = row.scale === 'evidence';
      // What condemns is the measure of all evidence: a little of it must not look like much.
      const top = isEvidence ? [style.needed] : [];
      const scale = rangeOf([...beside.flatMap(({ values }) => values), ...top]);
      const chart = sparkline(row.values, { ...scale, glyphs: style.glyphs });
      const { least, most } = rangeOf(row.values, Infinity);
      const limit = isEvidence && style.needed ? ` of ${showNumber(style.needed)}` : '';
      const range = `${showNumber(least)} to ${showNumber(most)}${limit}`;
      return `${row.metric.padEnd(metricWidth)}  ${row.arm.padEnd(armWidth)}  ${chart}  ${range}`;
    }),
  ];
}

function rowsOf(course: TrafficCourse): readonly Row[] {
  const { candidate, stable, evidence } = course;
  const both: readonly (readonly [string, CourseArm])[] = [
    ['candidate', candidate],
    ...(stable ? [['stable', stable] as const] : []),
  ];
  const perArm = (
    metric: string,
    scaleOf: (arm: string) => string,
    valuesOf: (arm: CourseArm) => Row['values'],
  ): readonly Row[] =>
    both.map(([arm, figures]) => ({
      ...{ metric, arm, scale: scaleOf(arm), values: valuesOf(figures) },
    }));
  return [
    // A candidate at 1 % would be a flat line beside the stable release.
    ...perArm(
      'requests/s',
      (arm) => `requests ${arm}`,
      (arm) => perSecond(arm, course),
    ),
    ...perArm('failed %', () => 'failed', failedShare),
    ...perArm(
      'p95 ms',
      () => 'p95',
      ({ p95 }) => p95,
    ),
    { metric: 'ln E', arm: 'evidence', scale: 'evidence', values: evidence },
  ];
}

function perSecond(
  { requests }: CourseArm,
  { seconds, secondsPerPoint }: TrafficCourse,
): readonly number[] {
  return requests.map(
    (count, at) => count / Math.min(secondsPerPoint, seconds - at * secondsPerPoint),
  );
}

function failedShare({ requests, failures }: CourseArm): readonly (number | null)[] {
  return failures.map((failed, at) => {
    const all = Math.max(requests[at] ?? 0, failed);
    return all === 0 ? null : (100 * failed) / all;
  });
}

/** Reaches down to 0, so that a small change does not look like a large one. */
function rangeOf(values: readonly (number | null)[], from = 0): { least: number; most: number } {
  const known = values.filter((value) => value !== null);
  return { least: Math.min(from, ...known), most: Math.max(...known) };
}
