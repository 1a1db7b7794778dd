/** What both reports of the generator say of a load; read as strictly as it is written. */
import { z } from 'zod';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();

export type ReportedQuantile = (typeof reportedQuantiles)[number];

export const reportedQuantiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const;

/** All of them, in order, or none where nothing was measured. */
const quantiles = z
  .strictObject(
    Object.fromEntries(reportedQuantiles.map((name) => [name, amount])) as Record<
      ReportedQuantile,
      typeof amount
    >,
  )
  .refine(
    (found) =>
      reportedQuantiles.every(
        (name, at) => at === 0 || found[name] >= found[reportedQuantiles[at - 1] ?? name],
      ),
    { error: 'quantiles are not in order' },
  )
  .nullable();

export const generatorState = z.strictObject({
  keptUp: z.boolean(),
  observed: z.string().min(1),
});

/** Of one load at one rate. */
export const figuresShape = {
  requests: count,
  failed: count,
  /** By what went wrong. */
  failures: z.record(z.string().min(1), z.int().positive()),
  /** By their number, of all that were answered. */
  statuses: z.record(z.string().regex(/^[1-9]\d\d$/), z.int().positive()),
  durationMs: z.number().positive(),
  ratePerSecond: amount,
  /** From the moment that a request was due, of good answers and of requests that timed out. */
  latencyMs: quantiles,
  /** From the moment that it was really sent, of good answers. */
  serviceMs: quantiles,
  generator: generatorState,
  own: z.strictObject({
    cpuShare: amount,
    loopShare: amount,
    lagP99Ms: amount,
    connections: count,
    waited: count,
  }),
};

export const figuresSchema = z.strictObject(figuresShape);

export type LoadFigures = z.output<typeof figuresSchema>;

/** Null when the figures fit together, or else what does not. */
export function contradictionIn(figures: LoadFigures): string | null {
  const { requests, failed, failures, durationMs, ratePerSecond, latencyMs } = figures;
  const listed = Object.values(failures).reduce((sum, each) => sum + each, 0);
  if (listed !== failed) return `it counts ${failed} failures and lists ${listed}`;
  if (failed > requests) return `of ${requests} requests ${failed} failed`;
  const rate = ((requests - failed) * 1_000) / durationMs;
  if (Math.abs(rate - ratePerSecond) > 0.001 * rate + 0.001) {
    return `its rate is ${ratePerSecond}/s, and its counts come to ${rate}/s`;
  }
  if (requests > failed && latencyMs === null) return 'it has answers and no latency';
  return null;
}
