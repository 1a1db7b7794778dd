/** Where something lies on this machine, as a configuration says it. */
import { z } from 'zod';

export const absolutePath = z
  .string()
  .min(1)
  .refine((path) => path.startsWith('/'), { error: 'must be an absolute path' });
