/** What a client sends of a service's data: its backups, and its database. */
import { z } from '@hono/zod-openapi';
import { backupProbeSchema } from '../../core/backup/backup-probe.ts';
import { s3PlaceSchema } from '../../core/backup/s3-place.ts';
import { nameSchema } from '../../config/scalar-schemas.ts';
import { driverChoice } from './driver-choice.ts';
import { requestScalars } from './request-scalars.ts';

const { count, durationMs, path, text } = requestScalars;
const ENTRIES_MAX = 100;
const DAYS_MAX = 36_500;

export const backupRequestSchema = driverChoice.extend({
  name: nameSchema,
  ageMs: durationMs,
  partsMin: count,
  timeBoxMs: durationMs,
  everyMs: durationMs.exactOptional(),
  logWithinMs: durationMs.exactOptional(),
  keep: z
    .strictObject({ last: count, days: z.int().min(0).max(DAYS_MAX) })
    .readonly()
    .exactOptional(),
  store: s3PlaceSchema.exactOptional(),
  probe: backupProbeSchema.exactOptional(),
});

export const databaseRequestSchema = z.strictObject({
  url: text,
  variable: z.string().min(1).max(256),
  backup: nameSchema.nullable(),
  migrations: driverChoice
    .extend({
      folder: path,
      lockMs: durationMs,
      blockedMs: durationMs,
      rowsLost: count.or(z.literal(0)),
      timeBoxMs: durationMs,
      env: z.record(z.string().max(256), text),
    })
    .nullable(),
  invariants: z
    .array(z.strictObject({ name: nameSchema, query: text }))
    .max(ENTRIES_MAX)
    .readonly(),
  changing: z.array(text).max(ENTRIES_MAX).readonly().exactOptional(),
});
