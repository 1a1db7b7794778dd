/** What `surefoot stress --json` prints, and the report driver `stress` reads. */
import { z } from 'zod';
import { askedShape, reportShape } from './load-report.ts';
import { figuresShape, reportedQuantiles } from './reported-figures.ts';

export const STRESS_FORMAT = 'surefoot-stress/1';

export const stressReportSchema = z.strictObject({
  format: z.literal(STRESS_FORMAT),
  ...reportShape,
  asked: z.strictObject({
    ...askedShape,
    from: z.number().positive(),
    step: z.number().positive(),
    to: z.number().positive(),
    stepDurationMs: z.number().positive(),
    latency: z.strictObject({ quantile: z.enum(reportedQuantiles), maxMs: z.number().positive() }),
    errorRateMax: z.number().min(0).max(1),
    recoverWithinMs: z.number().positive(),
  }),
  /** In order; the last may be one that was not borne. */
  steps: z.array(
    z.strictObject({
      askedPerSecond: z.number().positive(),
      /** In one sentence what it did not keep; null of a step that was borne. */
      broken: z.string().min(1).nullable(),
      ...figuresShape,
    }),
  ),
  capacityPerSecond: z.number().nonnegative(),
  limitedBy: z.enum(['target', 'generator', 'nothing']),
  observed: z.string().min(1).nullable(),
  /** Since the load ended; null when it did not recover in time, or that was not looked at. */
  recoveryMs: z.number().nonnegative().nullable(),
});

export type StressReport = z.output<typeof stressReportSchema>;
