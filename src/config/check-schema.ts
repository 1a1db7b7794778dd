/** One check of a validation chain: a tool, what it reports, and what stands around it while it runs. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { databaseSchema } from './database-schema.ts';
import { refuseTargetConflicts, targetKeys } from './preview-schema.ts';
import { countWithin, nameSchema, variableNameSchema } from './scalar-schemas.ts';
import type { DriverChoice } from './system-config.ts';

const LIST_MAX = 100;
const TEXT_MAX = 10_000;

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

const workKeys = {
  timeout: durationWithin(
    '1s',
    '24h',
    'How long it may take; then all of its processes are ended.',
  ).prefault('10m'),
  cpus: countWithin(1, 64).prefault(1).describe('How many processors it may use.'),
  ownCopy: z
    .boolean()
    .exactOptional()
    .describe(
      'Whether it works on a copy of its own, because it changes what is checked. One that does so without that is an error, and only what has no report may.',
    ),
  env: z
    .record(variableNameSchema, z.string())
    .prefault({})
    .describe(
      "Environment of the tool. Of Surefoot's it gets `PATH`, `HOME`, `LANG`, `TZ`, `TMPDIR`, where certificates lie that are trusted, and nothing else.",
    ),
};

export const checkSchema = (report: z.ZodType<DriverChoice>) =>
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
      ...workKeys,
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
