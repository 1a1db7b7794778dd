/** What a client sends to ask something of a running deployment. */
import { z } from '@hono/zod-openapi';
import { intentSchema } from './deploy-request.ts';

/** Longer than anybody sleeps over it; whoever needs more pauses without an end. */
const HOLD_MS_MAX = 7 * 86_400_000;

export const askRequestSchema = intentSchema
  .pick({ actor: true, reason: true })
  .openapi('AskRequest');

export const pauseRequestSchema = askRequestSchema
  .extend({
    /** Until somebody resumes when it is missing. */
    forMs: z.number().int().min(1_000).max(HOLD_MS_MAX).optional(),
  })
  .openapi('PauseRequest');

export const resumeRequestSchema = askRequestSchema
  .extend({
    /** Have it go on although its place is frozen; the reason says why. */
    override: z.boolean().optional(),
  })
  .refine(({ override, reason }) => override !== true || reason.trim() !== '', {
    path: ['reason'],
    message: 'is empty; say why it is to go on all the same',
  })
  .openapi('ResumeRequest');

export const approveRequestSchema = askRequestSchema
  .extend({ planDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/) })
  .openapi('ApproveRequest');

export type ApproveRequest = z.infer<typeof approveRequestSchema>;
export type AskRequest = z.infer<typeof askRequestSchema>;
export type ResumeRequest = z.infer<typeof resumeRequestSchema>;
export type PauseRequest = z.infer<typeof pauseRequestSchema>;
