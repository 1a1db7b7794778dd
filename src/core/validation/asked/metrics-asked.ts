/** What metrics must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { MetricsRule } from '../rule.ts';
import { seriesAt, type Series } from '../series-at.ts';

const LIMITS_MAX = 1_000;

const seriesSchema = z
  .string()
  .max(1_000)
  .refine((text) => wholeSeries(text) !== null, {
    error: ({ input }) =>
      `"${String(input)}" is no series; write it like up or http_requests_total{code="500"}`,
  })
  .refine((text) => !Object.values(wholeSeries(text)?.labels ?? {}).includes(''), {
    error: ({ input }) =>
      `"${String(input)}" asks for a label without a value, which no series has`,
  });

const limitSchema = z
  .strictObject({
    min: z.number().optional().describe('The least that each of its values may be.'),
    max: z.number().optional().describe('The most that each of its values may be.'),
  })
  .refine(({ min, max }) => (min ?? max) !== undefined, {
    error: 'asks for nothing; say min or max',
  })
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, {
    error: ({ input }) => `can be met by no value: ${JSON.stringify(input)}`,
  });

const config = z.strictObject({
  metrics: z
    .record(seriesSchema, limitSchema)
    .refine((limits) => Object.keys(limits).length > 0, {
      error: 'asks for nothing; name a series',
    })
    .refine((limits) => Object.keys(limits).length <= LIMITS_MAX, {
      error: `has more than ${LIMITS_MAX} limits`,
    })
    .describe(
      'Limits by series. Those with further labels are meant, too; one that is missing, or has no number, is an `ERROR`.',
    ),
});

/** The keys of a driver whose reports are metrics, and the rule that they make. */
export const metricsAsked = {
  config,
  ruleOf: ({ metrics }: z.output<typeof config>): MetricsRule => ({
    subject: 'metrics',
    limits: Object.entries(metrics).flatMap(([text, { min = null, max = null }]) => {
      const series = wholeSeries(text);
      return series ? [{ ...series, min, max }] : [];
    }),
  }),
};

function wholeSeries(text: string): Series | null {
  const found = seriesAt(text);
  return found?.length === text.length ? found.series : null;
}
