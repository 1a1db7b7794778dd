/** What `surefoot load --json` prints, and the report driver `load` reads. */
import { z } from 'zod';
import { figuresShape } from './reported-figures.ts';

export const LOAD_FORMAT = 'surefoot-load/1';

export const askedShape = {
  url: z.string().min(1),
  method: z.string().min(1),
  arrivals: z.enum(['constant', 'poisson']),
  seed: z.int().nonnegative(),
  connectionsMax: z.int().positive(),
  timeoutMs: z.number().positive(),
  expectedStatus: z.string().min(1),
};

export const reportShape = {
  tool: z.strictObject({ name: z.literal('surefoot'), version: z.string().min(1) }),
  /** RFC 3339. */
  startedAt: z.iso.datetime(),
  /** False of one that was cut off; it shows nothing. */
  isComplete: z.boolean(),
};

export const loadReportSchema = z.strictObject({
  format: z.literal(LOAD_FORMAT),
  ...reportShape,
  asked: z.strictObject({
    ...askedShape,
    ratePerSecond: z.number().positive(),
    durationMs: z.number().positive(),
    warmUpMs: z.number().nonnegative(),
  }),
  ...figuresShape,
});

export type LoadReport = z.output<typeof loadReportSchema>;
