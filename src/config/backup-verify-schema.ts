/** What an application asks of its restored data before a backup of it is `VERIFIED`. */
import { z } from 'zod';
import { ADDRESS } from '../core/backup/backup-probe.ts';
import { durationWithin } from '../core/model/duration.ts';
import { variableNameSchema } from './scalar-schemas.ts';

const WORDS_MAX = 100;
const TEXT_MAX = 10_000;

export const backupVerifySchema = z
  .strictObject({
    run: z
      .array(z.string().min(1).max(TEXT_MAX))
      .nonempty('names the program to start')
      .max(WORDS_MAX)
      .describe(
        'A program that asks what was restored, in the folder of surefoot.yaml: it must end with 0. `{address}` is a URL or a path of it. What it prints is kept beside the backup, in clear but for secrets.',
      ),
    env: z
      .record(variableNameSchema, z.string().max(TEXT_MAX))
      .prefault({})
      .describe(
        'What it has of its environment besides PATH, HOME, LANG, TZ and TMPDIR; may hold `{address}`.',
      ),
    timeBox: durationWithin('1s', '1h', 'How long it may last.').prefault('1m'),
  })
  .refine(
    ({ run, env }) => [...run, ...Object.values(env)].some((text) => text.includes(ADDRESS)),
    {
      error: `must be told with ${ADDRESS}, in run or env, what was restored`,
    },
  );
