/** The validation chain of a service: which tools run on a release before anything is deployed. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { complianceSchema } from './compliance-schema.ts';
import { checkSchema } from './check-schema.ts';
import { previewSchema, refusePreviewConflicts } from './preview-schema.ts';
import { nameSchema } from './scalar-schemas.ts';
import type { DriverChoice } from './system-config.ts';
import { vexSchema } from './vex-schema.ts';
import { waiverSchema } from './waiver-schema.ts';

const WAIVERS_MAX = 1_000;

export const validationSchema = (report: z.ZodType<DriverChoice>) =>
  z
    .strictObject({
      source: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The folder that is checked; may hold `{version}`. A copy of it is, so that checks change nothing. Default: the release.',
        ),
      timeBox: durationWithin(
        '1s',
        '24h',
        'How long all checks together may take; what then waits is not run.',
      ).prefault('24h'),
      reuse: durationWithin(
        '1s',
        '24d',
        'How old the report of an earlier run may be to be used again, where nothing that it depends on has changed.',
      ).prefault('24h'),
      waivers: z
        .array(waiverSchema)
        .max(WAIVERS_MAX)
        .prefault([])
        .describe('Findings that are put up with for a time.'),
      vex: vexSchema
        .optional()
        .describe('What people have stated on vulnerabilities: whether they matter here.'),
      preview: previewSchema
        .exactOptional()
        .describe(
          'An instance of the release for checks that need one, as its target `local` runs it, with ports and a database of its own. Started for them, and ended behind the last.',
        ),
      checks: z
        .record(nameSchema, checkSchema(report))
        .describe('What runs, by name. What depends on nothing else runs side by side.'),
      compliance: complianceSchema
        .optional()
        .describe('Controls that are judged last, by what the checks and Surefoot itself show.'),
    })
    .superRefine(refusePreviewConflicts);
