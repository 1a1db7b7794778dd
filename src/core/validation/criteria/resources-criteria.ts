/** What is asked of what a target takes up while a check runs. Too few readings show nothing. */
import { counted } from '../../words/counted.ts';
import { showDuration } from '../../words/show-duration.ts';
import { showNumber } from '../../words/show-number.ts';
import { showSize } from '../../words/show-size.ts';
import type { Criterion } from '../criterion.ts';
import { growthOf, GROWTH_SAMPLES_MIN } from '../growth.ts';
import type { ResourceLimits, ResourceSample } from '../resource-sample.ts';

export interface Watched {
  readonly samples: readonly ResourceSample[];
  /** How often one was to be taken, and for how long. */
  readonly everyMs: number;
  readonly durationMs: number;
}

const SAMPLES_MIN = 10;
/** Shorter bursts of a processor's use say little. */
const CPU_SAMPLES = 5;
const MS_PER_MINUTE = 60_000;

export function resourcesCriteria(limits: ResourceLimits, watched: Watched): readonly Criterion[] {
  const { memory, openFiles, cpu, growth } = limits;
  return [
    ...(memory === undefined
      ? []
      : [most('memory, the most', told(watched, 'memory'), memory, showSize, watched)]),
    ...(openFiles === undefined
      ? []
      : [most('open files, the most', told(watched, 'openFiles'), openFiles, showNumber, watched)]),
    ...(cpu === undefined
      ? []
      : [most('processors used, the most', cpuUses(watched), cpu, showNumber, watched)]),
    ...(growth === true ? [growthCriterion(watched)] : []),
  ];
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

function told({ samples }: Watched, name: 'memory' | 'openFiles' | 'cpuMs'): readonly Point[] {
  return samples.flatMap(({ atMs, [name]: value }) => (value === null ? [] : [{ atMs, value }]));
}

/** Each over the readings before it. */
function cpuUses(watched: Watched): readonly Point[] {
  const times = told(watched, 'cpuMs');
  return times.slice(CPU_SAMPLES).flatMap(({ atMs, value }, index) => {
    const before = times[index];
    // One that has ended without having been waited for takes its time away with it.
    if (before === undefined || value < before.value) return [];
    return [{ atMs, value: (value - before.value) / (atMs - before.atMs) }];
  });
}

function most(
  what: string,
  points: readonly Point[],
  max: number,
  show: (value: number, beside?: number) => string,
  watched: Watched,
): Criterion {
  const limit = `at most ${show(max)}`;
  const observed = points.reduce((sofar, { value }) => Math.max(sofar, value), 0);
  if (observed > max) return { what, observed: show(observed, max), limit, state: 'unmet' };
  const isEnough = points.length >= samplesMin(watched);
  if (!isEnough) return tooFew(what, points, limit, samplesMin(watched));
  return { what, observed: show(observed, max), limit, state: 'met' };
}

/** Half of what was to be read at least. */
function samplesMin({ durationMs, everyMs }: Watched): number {
  return Math.max(SAMPLES_MIN, Math.ceil(durationMs / everyMs / 2));
}

function tooFew(what: string, points: readonly Point[], limit: string, min: number): Criterion {
  const observed = `${counted(points.length, 'reading')}, where ${showNumber(min)} are needed`;
  return { what, observed, limit, state: 'unknown' };
}

function growthCriterion(watched: Watched): Criterion {
  const what = 'growth of memory';
  const limit = 'none once it is warm';
  const points = told(watched, 'memory');
  const min = Math.max(GROWTH_SAMPLES_MIN, samplesMin(watched));
  const growth = points.length < min ? null : growthOf(points);
  if (growth === null) return tooFew(what, points, limit, min);
  const perMinute = growth.perMs * MS_PER_MINUTE;
  const sign = perMinute < 0 ? '-' : '+';
  const observed = `${sign}${showSize(Math.abs(perMinute))} a minute over ${showDuration(growth.overMs)}`;
  return {
    ...{ what, limit, state: growth.isReal ? 'unmet' : 'met' },
    observed: growth.isReal ? observed : `${observed}, no leak shown`,
  };
}
