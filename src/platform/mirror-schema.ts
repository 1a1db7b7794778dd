/** Checks what comes in about mirroring: its rules at a balancer, what it has found at a driver. */
import { z } from 'zod';
import type { MirrorReport } from '../core/mirror/mirror-report.ts';
import type { MirrorRules } from '../core/mirror/mirror-rules.ts';

const count = z.int().min(0);
const list = z.array(z.string().min(1).max(200)).max(100);
const histogram = z.array(z.tuple([count, count]));

export const mirrorRulesSchema: z.ZodType<MirrorRules> = z.strictObject({
  percent: z.int().min(1).max(100),
  inFlightMax: z.int().min(1).max(1_000),
  perSecondMax: z.int().min(1).max(10_000),
  skip: list,
  headers: list,
  ignore: list,
});

export const mirrorReportSchema: z.ZodType<MirrorReport> = z.object({
  epoch: z.string(),
  token: z.strictObject({ deployment: count, sequence: count }),
  compared: count,
  dropped: count,
  noisy: count,
  unsettled: count,
  unanswered: z.object({ stable: count, candidate: count }),
  suspected: count,
  proven: count,
  places: z.array(
    z.object({
      route: z.string(),
      place: z.string(),
      told: z.string(),
      example: z.string(),
      candidateOnly: count,
      stableOnly: count,
      both: count,
      evidence: z.number(),
    }),
  ),
  additions: z.array(z.object({ route: z.string(), place: z.string(), count })),
  latency: z.object({ stable: histogram, candidate: histogram }),
});
