/** What a client says of a backup that was put in the place of what is live. */
import { z } from '@hono/zod-openapi';
import { nameSchema } from '../../config/scalar-schemas.ts';
import { intentSchema } from './deploy-request.ts';
import { requestScalars } from './request-scalars.ts';

const { path } = requestScalars;

export const backupSwitchedSchema = intentSchema
  .pick({ actor: true, reason: true })
  .extend({
    environment: nameSchema,
    service: nameSchema,
    backup: nameSchema,
    id: path,
    way: z.enum(['in', 'back']),
    /** What was live before is called so. */
    kept: path,
  })
  .openapi('BackupSwitched');

export type BackupSwitched = z.infer<typeof backupSwitchedSchema>;
