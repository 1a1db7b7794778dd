/** What a service's traffic is like, for forecasts: nothing that is deployed depends on it. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { percentageSchema } from './scalar-schemas.ts';

const REQUESTS_PER_SECOND_MAX = 1_000_000;

export const trafficSchema = z.strictObject({
  requestsPerSecond: z
    .number()
    .positive({ error: 'must be above 0' })
    .max(REQUESTS_PER_SECOND_MAX)
    .describe('All requests to the service, on an ordinary day.'),
  errorRate: percentageSchema
    .prefault('0%')
    .describe('Share of requests that fail though nothing is wrong.'),
  latency: z
    .strictObject({
      p50: durationWithin('1ms', '1h', 'Half of the answers take no longer.'),
      p99: durationWithin('1ms', '1h', 'Of a hundred answers one takes longer. At least p50.'),
    })
    .refine(({ p50, p99 }) => p99 >= p50, {
      path: ['p99'],
      error: 'is shorter than p50; of all answers at least half are as slow as p50',
    })
    .describe('Time to the response head.'),
});
