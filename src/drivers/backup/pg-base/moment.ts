/** The moment that a physical backup is restored to, and what was not decided then. */
import { z } from 'zod';

export const MOMENT_FILE = 'surefoot-moment.json';

export const momentSchema = z.strictObject({
  format: z.literal(1),
  restorePoint: z.string().min(1),
  /** Who took it: a superuser of the cluster. */
  user: z.string().min(1),
  databases: z.array(z.string().min(1)),
  /**
   * Transactions that the snapshots of its content did not see, although they may have ended just before the restore point:
   * restored, none of them may have been committed.
   */
  undecided: z.array(z.string().regex(/^\d+$/)),
});

export type Moment = z.output<typeof momentSchema>;
