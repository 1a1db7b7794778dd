import { z } from 'zod';
import { criterionKinds } from './criterion.ts';

/** A `Criterion` as records keep it. */
export const criterionSchema = z.strictObject({
  ...{ what: z.string(), observed: z.string(), limit: z.string() },
  state: z.enum(['met', 'unmet', 'unknown', 'stale']),
  kind: z.enum(criterionKinds).exactOptional(),
});
