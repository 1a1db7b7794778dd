/** What stands before a dump, in a line of its own: what it takes to restore it where nothing else is. */
import { z } from 'zod';

export const originSchema = z.strictObject({
  format: z.literal(1),
  /** Of PostgreSQL: its own programs restore it. */
  major: z.int().positive(),
  database: z.string().min(1),
  /** Who made the server: what belongs to this one is named nowhere. */
  superuser: z.string().min(1),
  /** Whom something belongs to, or who may do something with it: they are of the server and in no dump. */
  roles: z.array(z.strictObject({ name: z.string().min(1), isSuperuser: z.boolean() })),
});

export type Origin = z.output<typeof originSchema>;
