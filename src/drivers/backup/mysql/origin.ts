/** What stands before a dump, in a line of its own: what it takes to restore it where nothing else is. */
import { z } from 'zod';

export const originSchema = z.strictObject({
  format: z.literal(1),
  /** Of MariaDB: its own programs restore it. */
  series: z.string().regex(/^\d+\.\d+$/),
  database: z.string().min(1),
  charset: z.string().regex(/^\w+$/),
  collation: z.string().regex(/^\w+$/),
  /** What is fixed when a server is made, and could keep out a row or a name. */
  pageBytes: z.int().positive(),
  lowerCaseNames: z.string().regex(/^[012]$/),
  /** In whose name views, triggers, routines and events act; without a host it is a role. They are in no dump. */
  definers: z.array(z.strictObject({ name: z.string(), host: z.string() })),
});

export type Origin = z.output<typeof originSchema>;
