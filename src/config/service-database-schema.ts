/** The database of a service: where it is, how its schema comes from one release to the next, and what must hold of it. */
import { z } from 'zod';
import { postgresUrl } from '../core/model/postgres-url.ts';
import { durationWithin } from '../core/model/duration.ts';
import { nameSchema, variableNameSchema } from './scalar-schemas.ts';

const QUERY_LENGTH_MAX = 10_000;
const INVARIANTS_MAX = 100;
const PATTERN_LENGTH_MAX = 200;
const PATTERNS_MAX = 100;
const OBJECTS = /^(?:\*|[^\s.]+\.\S.*)$/;
const OBJECTS_ERROR = 'must be a name with its schema, such as "public.events_*"';
const ROWS_MAX = 1_000_000_000;

/** Of every driver that migrates. */
export const migrationShape = {
  path: z
    .string()
    .min(1)
    .max(500)
    .describe(
      'The folder of the migrations, relative to that of surefoot.yaml; may hold `{version}`.',
    ),
  lockTimeout: durationWithin(
    '10ms',
    '1m',
    'How long a migration waits for a lock, while others wait behind it.',
  ).prefault('2s'),
  blocked: durationWithin(
    '1ms',
    '10m',
    'How long a migration may keep others from a table, measured where it is rehearsed.',
  ).prefault('1s'),
  rowsLost: z
    .int()
    .min(0)
    .max(ROWS_MAX)
    .prefault(0)
    .describe('How many rows a table may lose where they are rehearsed.'),
  timeBox: durationWithin('1s', '24d', 'How long applying them may last.').prefault('30m'),
  env: z
    .record(variableNameSchema, z.string())
    .prefault({})
    .describe(
      "Environment over the target's for the instances that a rehearsal starts: they run on data that was restored, jobs included. What reaches others (mail, webhooks) must lead nowhere there.",
    ),
};

export function serviceDatabaseSchema<Migrations extends z.ZodType>(migrations: Migrations) {
  return z.strictObject({
    url: postgresUrl.describe('Of its PostgreSQL, for who may change its schema. Best a variable.'),
    variable: variableNameSchema
      .prefault('DATABASE_URL')
      .describe('In which its instances get it; a rehearsal gives them another.'),
    backup: nameSchema
      .exactOptional()
      .describe('Which of the `backups` holds it. Default: the only one.'),
    migrations: migrations
      .exactOptional()
      .describe('What its releases change in its schema. Rehearsed on a restored backup.'),
    invariants: z
      .record(nameSchema, z.string().min(1).max(QUERY_LENGTH_MAX))
      .refine((all) => Object.keys(all).length <= INVARIANTS_MAX, {
        error: `has more than ${INVARIANTS_MAX} entries`,
      })
      .prefault({})
      .describe(
        'Queries that find one value, true: asked before, while and after its schema or its release is changed.',
      ),
    changing: z
      .array(z.string().max(PATTERN_LENGTH_MAX).regex(OBJECTS, { error: OBJECTS_ERROR }))
      .max(PATTERNS_MAX)
      .prefault([])
      .describe(
        'Tables and other objects that come and go by themselves, such as partitions: `public.events_*`. They are left out where its schema is compared; `*` leaves out all, for a release that migrates itself.',
      ),
  });
}
