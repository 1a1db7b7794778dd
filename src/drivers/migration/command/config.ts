/** Two programs: one that says what was applied, and one that applies. */
import { z } from 'zod';
import { tableNamed } from '../../../platform/table-named.ts';

const command = z.array(z.string().min(1)).min(1);

export const commandConfig = z.strictObject({
  applied: command.describe(
    'Writes the name of each that was applied to its standard output, in their order, a line each: `{"name":"0001_labels.py"}`.',
  ),
  apply: command
    .refine((words) => words.some((word) => /\{(?:name|file)\}/.test(word)), {
      error: 'must be told with {name} or {file} which one it applies',
    })
    .describe('Applies one: `{name}` of its file, `{file}` with its path, in `{folder}`.'),
  extension: z
    .string()
    .regex(/^\.\w+$/, { error: 'must be such as ".py"' })
    .exactOptional()
    .describe('Of the files that are migrations. Default: all that do not begin with a dot.'),
  class: z
    .enum(['expand', 'contract'])
    .exactOptional()
    .describe(
      'What all of them are that do not say so themselves: whether the code that serves lives with them.',
    ),
  environment: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
    .optional()
    .describe(
      'What the programs have of it besides PATH, HOME, LANG, TZ, TMPDIR and DATABASE_URL.',
    ),
  digests: tableNamed('surefoot_migrations').describe(
    'Where the digest is kept of each that Surefoot has had applied; made when it is missing.',
  ),
});

export type CommandConfig = z.output<typeof commandConfig>;
