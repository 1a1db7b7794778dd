/** Findings that are put up with for a time. */
import { z } from 'zod';
import type { Waiver } from '../core/validation/waiver.ts';
import { nameSchema } from './scalar-schemas.ts';

const TEXT_MAX = 1_000;
const DAY_MS = 86_400_000;

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, {
  abort: true,
  error: ({ input }) => `"${String(input)}" is no day; write it like "2027-01-31"`,
});

/** The end of it, wherever in the world: UTC. */
const endOfDay = (text: string): number => Date.parse(`${text}T00:00:00Z`) + DAY_MS - 1;

export const waiverSchema = z
  .strictObject({
    finding: z
      .string()
      .min(1)
      .max(TEXT_MAX)
      .describe('The rule or vulnerability that is meant, by any of its names.'),
    place: z
      .string()
      .min(1)
      .max(TEXT_MAX)
      .optional()
      .describe('A part of its place, such as a file or a package. Default: wherever it is.'),
    message: z
      .string()
      .min(1)
      .max(TEXT_MAX)
      .optional()
      .describe('A part of what is said of it, for rules that mean several things.'),
    check: nameSchema.optional().describe('The only check that it counts for. Default: any.'),
    reason: z.string().min(1).max(TEXT_MAX).describe('Why it does no harm, or not yet.'),
    owner: z.string().min(1).max(TEXT_MAX).describe('Who answers for that.'),
    until: day.describe('The last day on which it counts, in UTC. Behind it, it counts as none.'),
  })
  .transform(({ place, message, check, until, ...waiver }, context): Waiver => {
    const untilMs = endOfDay(until);
    // 30 February is read as 2 March.
    const isDay = !Number.isNaN(untilMs) && new Date(untilMs).toISOString().startsWith(until);
    if (!isDay) {
      const wrong = `"${until}" is no day of the calendar`;
      context.addIssue({ code: 'custom', path: ['until'], message: wrong });
      return z.NEVER;
    }
    return {
      ...{ ...waiver, place: place ?? null, message: message ?? null, check: check ?? null },
      ...{ until, untilMs },
    };
  });
