/** The validation chain of a service: which tools run on a release before anything is deployed. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { complianceSchema } from './compliance-schema.ts';
import { databaseSchema } from './database-schema.ts';
import {
  previewSchema,
  refusePreviewConflicts,
  refuseTargetConflicts,
  targetKeys,
} from './preview-schema.ts';
import { countWithin, nameSchema, variableNameSchema } from './scalar-schemas.ts';
import type { DriverChoice } from './system-config.ts';
import { waiverSchema } from './waiver-schema.ts';

const LIST_MAX = 100;
const TEXT_MAX = 10_000;
const WAIVERS_MAX = 1_000;

/** Lines of the protocol that a tool and its report can fulfil. */
const ROWS = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13'];

/** Below the folder that is checked: what is planted must be taken away with it. */
const relativePath = z
  .string()
  .min(1)
  .max(500)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), {
    error: ({ input }) => `"${String(input)}" must lie below the folder that is checked`,
  });

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
      vex: z
        .array(z.string().min(1).max(500))
        .max(LIST_MAX)
        .prefault([])
        .describe(
          'Documents that state of vulnerabilities whether they matter (OpenVEX, CycloneDX), relative to this file.',
        ),
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

const checkSchema = (report: z.ZodType<DriverChoice>) =>
  z
    .strictObject({
      row: z.enum(ROWS).optional().describe('The line of the protocol that it fulfils.'),
      run: z
        .array(z.string().max(TEXT_MAX))
        .nonempty('names the program to start')
        .max(LIST_MAX)
        .describe(
          'Program and arguments; no shell. Starts in the folder that is checked. `{report}` stands for the file to write the report to; without it the report is what it prints.',
        ),
      report: report
        .optional()
        .describe(
          'What it reports, and what that must show: its exit code alone decides nothing. Without a report it prepares others, and must end with 0.',
        ),
      needs: z
        .array(nameSchema)
        .max(LIST_MAX)
        .prefault([])
        .describe('Checks that must pass before.'),
      plant: z
        .record(relativePath, z.string().max(TEXT_MAX))
        .prefault({})
        .describe(
          'Files, by path, with something for the tool to find. It counts as no finding, and where it is not found the tool is taken for dead.',
        ),
      plantApart: z
        .record(relativePath, z.string().max(TEXT_MAX))
        .prefault({})
        .describe(
          'The same for a tool that cannot be baited in what is checked: once it has passed, it runs on a folder that holds these files alone, and must find something.',
        ),
      database: databaseSchema
        .exactOptional()
        .describe(
          'The file by which it judges what is vulnerable. Too old, it makes the check `STALE`. Without it, what such a check has found is found anew each time.',
        ),
      timeout: durationWithin(
        '1s',
        '24h',
        'How long it may take; then all of its processes are ended.',
      ).prefault('10m'),
      cpus: countWithin(1, 64).prefault(1).describe('How many processors it may use.'),
      env: z
        .record(variableNameSchema, z.string())
        .prefault({})
        .describe(
          "Environment of the tool. Of Surefoot's it gets `PATH`, `HOME`, `LANG`, `TZ`, `TMPDIR`, where certificates lie that are trusted, and nothing else.",
        ),
      ...targetKeys,
    })
    .superRefine(refuseTargetConflicts)
    .superRefine(({ row, report: reported, database, plant, plantApart }, context) => {
      if (row !== undefined && reported === undefined) {
        const message = 'fulfils a line of the protocol only with a report';
        context.addIssue({ code: 'custom', path: ['row'], message });
      }
      if (database && reported === undefined) {
        const message = 'is judged by nothing without a report';
        context.addIssue({ code: 'custom', path: ['database'], message });
      }
      for (const [key, files] of Object.entries({ plant, plantApart })) {
        if (Object.keys(files).length === 0 || reported !== undefined) continue;
        const message = 'is found by nobody without a report';
        context.addIssue({ code: 'custom', path: [key], message });
      }
    });
