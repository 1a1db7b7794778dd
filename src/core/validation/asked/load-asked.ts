/** What a target must show under load, as it is written in surefoot.yaml. */
import { z } from 'zod';
import { durationWithin } from '../../model/duration.ts';
import type { LoadRule } from '../rule.ts';
import { shareSchema } from './share-schema.ts';

const COUNT_MAX = 1_000_000_000;

const config = z.strictObject({
  rate: z
    .number()
    .positive()
    .max(COUNT_MAX)
    .prefault(1_000)
    .describe('How many answers a second it must give at least, without a failure.'),
  quantile: z
    .string()
    .regex(/^p(?:\d{1,2}(?:\.\d{1,4})?|100)$|^max$/, {
      error: ({ input }) => `"${String(input)}" is not a quantile; write it like p95, p99.9 or max`,
    })
    .prefault('p95')
    .describe('Which part of the requests `latency` is about.'),
  latency: durationWithin('1ms', '10m', 'How long that quantile may be.').prefault('200ms'),
  errorRate: shareSchema.prefault('0%').describe('Which share of the requests may fail.'),
  requests: z
    .int()
    .min(1)
    .max(COUNT_MAX)
    .prefault(1)
    .describe('How many requests must have been made at least.'),
});

/** The keys of a driver whose reports are of a load, and the rule that they make. */
export const loadAsked = {
  config,
  ruleOf: (asked: z.output<typeof config>): LoadRule => ({
    ...{ subject: 'load', rateMin: asked.rate, errorRateMax: asked.errorRate },
    latency: { quantile: asked.quantile, maxMs: asked.latency },
    requestsMin: asked.requests,
  }),
};
