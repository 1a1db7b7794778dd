/** Findings that are put up with for a time. */
import { z } from 'zod';
import type { Waiver } from '../core/validation/waiver.ts';
import { lastDaySchema } from './last-day-schema.ts';
import { nameSchema } from './scalar-schemas.ts';

const TEXT_MAX = 1_000;

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
      .describe(
        'Its place, as a whole: a file, a package with or without its version, the path of a request, or with its method in front that request alone; with `/` at its end a folder and all below it. Of a finding at several places each must be meant, by this waiver or by others. Default: wherever it is.',
      ),
    message: z
      .string()
      .min(1)
      .max(TEXT_MAX)
      .optional()
      .describe('A part of what is said of it, for rules that mean several things.'),
    check: nameSchema.optional().describe('The only check that it counts for. Default: any.'),
    reason: z.string().min(1).max(TEXT_MAX).describe('Why it does no harm, or not yet.'),
    owner: z.string().min(1).max(TEXT_MAX).describe('Who answers for that.'),
    until: lastDaySchema.describe(
      'The last day on which it counts, in UTC. Behind it, it counts as none.',
    ),
  })
  .transform(({ place, message, check, until, ...waiver }): Waiver => ({
    ...{ ...waiver, place: place ?? null, message: message ?? null, check: check ?? null },
    ...{ until: until.day, untilMs: until.endMs },
  }));
