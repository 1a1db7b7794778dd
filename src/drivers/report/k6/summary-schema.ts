/**
 * The three forms in which k6 sums up a run, brought to one: what `--summary-export` writes, what `handleSummary` is
 * given, and the newer one with a version.
 */
import { z } from 'zod';

export interface K6Summary {
  readonly version: string | null;
  /** Null when it is not said. */
  readonly durationMs: number | null;
  readonly metrics: ReadonlyMap<string, K6Values>;
  /** Thresholds that were crossed, with the metric that they are of. */
  readonly crossed: readonly string[];
  /** How often a check of the script has failed. */
  readonly failedChecks: number;
}

/** A rate is `passes` and `fails` here, whatever it is called. */
export type K6Values = Readonly<Record<string, number>>;

const valuesSchema = z.record(z.string(), z.number());

const metricSchema = z.looseObject({
  values: valuesSchema.optional(),
  /** `--summary-export`: true where it was crossed. `handleSummary`: `ok`, where it was not. */
  thresholds: z
    .record(z.string(), z.union([z.boolean(), z.object({ ok: z.boolean() })]))
    .optional(),
});

const olderSchema = z
  .object({
    state: z.object({ testRunDurationMs: z.number().positive() }).optional(),
    metrics: z.record(z.string(), metricSchema),
  })
  .transform(({ state, metrics }): K6Summary => {
    const values = Object.entries(metrics).map(
      ([name, metric]) => [name, metric.values ?? numbersOf(metric)] as const,
    );
    const known = new Map(values);
    return {
      version: null,
      durationMs: state?.testRunDurationMs ?? null,
      metrics: known,
      crossed: Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
        Object.entries(thresholds)
          .filter(([, state]) => (typeof state === 'boolean' ? state : !state.ok))
          .map(([threshold]) => `${name} ${threshold}`),
      ),
      failedChecks: known.get('checks')?.['fails'] ?? 0,
    };
  });

const newerSchema = z
  .object({
    metadata: z.object({ k6Version: z.string() }),
    config: z.object({ duration: z.number().positive() }),
    results: z.object({
      metrics: z.array(z.object({ name: z.string(), values: valuesSchema })),
      checks: z
        .object({ results: z.array(z.object({ fails: z.int().min(0) })).optional() })
        .optional(),
    }),
  })
  .transform(({ metadata, config, results }): K6Summary => {
    const failures = (results.checks?.results ?? []).map(({ fails }) => fails);
    return {
      version: metadata.k6Version,
      durationMs: config.duration * 1_000,
      metrics: new Map(results.metrics.map(({ name, values }) => [name, olderNames(values)])),
      crossed: [],
      failedChecks: failures.reduce((sum, fails) => sum + fails, 0),
    };
  });

export const summarySchema: z.ZodType<K6Summary> = z.union([newerSchema, olderSchema], {
  error: 'neither what --summary-export writes nor what handleSummary is given',
});

function numbersOf(metric: Readonly<Record<string, unknown>>): K6Values {
  return Object.fromEntries(
    Object.entries(metric).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

function olderNames({ matches, total, ...values }: K6Values): K6Values {
  if (matches === undefined || total === undefined) return values;
  return { ...values, passes: matches, fails: total - matches };
}
