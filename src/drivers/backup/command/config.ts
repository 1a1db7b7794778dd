/** The three programs that make a backup of whatever they know of. */
import { z } from 'zod';

const command = z.array(z.string().min(1)).min(1);

const saysWhich = (words: readonly string[]): boolean =>
  words.some((word) => word.includes('{id}'));

export const commandConfig = z.strictObject({
  take: command
    .refine((words) => words.some((word) => word.includes('{parts}')), {
      error: 'must be told with {parts} where its parts go',
    })
    .describe('Writes the content to its standard output, and its parts into the file `{parts}`.'),
  restore: command
    .refine((words) => words.some((word) => word.includes('{folder}')), {
      error: 'must be told with {folder} where it restores',
    })
    .describe(
      'Reads the content from its standard input, and restores it in `{folder}`, which is empty.',
    ),
  list: command.describe(
    'Writes the parts of what was restored in `{folder}` to its standard output, a line each: `{"name":"orders","size":3,"hash":"…"}`.',
  ),
  switch: command
    .refine(saysWhich, { error: 'must be told with {id} which backup it is' })
    .refine((words) => words.some((word) => word.includes('{folder}')), {
      error: 'must be told with {folder} what it puts in place',
    })
    .optional()
    .describe(
      'Puts what was restored in `{folder}` in the place of what is live, which it keeps beside it under a name with `{id}`.',
    ),
  back: command
    .refine(saysWhich, { error: 'must be told with {id} which backup it is' })
    .optional()
    .describe('Brings back what `switch` has kept for `{id}`.'),
  environment: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
    .optional()
    .describe(
      'What the programs have of it besides PATH, HOME, LANG, TZ and TMPDIR: passwords belong here.',
    ),
});

export type CommandConfig = z.output<typeof commandConfig>;
