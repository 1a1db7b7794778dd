/** What a client sends to freeze places, and to lift freezes. */
import { z } from '@hono/zod-openapi';
import { nameSchema } from '../../config/scalar-schemas.ts';
import { intentSchema, statedReasonSchema } from './deploy-request.ts';

const ENTRIES_MAX = 100;

const whoAndWhy = z.strictObject({ actor: intentSchema.shape.actor, reason: statedReasonSchema });

export const freezeRequestSchema = whoAndWhy
  .extend({
    places: z
      .array(
        z.strictObject({
          environment: nameSchema,
          /** All services of the environment when it is missing. */
          service: nameSchema.optional(),
        }),
      )
      .min(1)
      .max(ENTRIES_MAX),
    /** Until somebody lifts it when it is missing. */
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .openapi('FreezeRequest');

export const unfreezeRequestSchema = whoAndWhy
  .extend({ freezes: z.array(z.number().int().positive()).min(1).max(ENTRIES_MAX) })
  .openapi('UnfreezeRequest');

export type FreezeRequest = z.infer<typeof freezeRequestSchema>;
export type UnfreezeRequest = z.infer<typeof unfreezeRequestSchema>;
