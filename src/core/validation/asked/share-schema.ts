import { z } from 'zod';

/** A share as people write it, `80%`; from 0 to 1 once it is read. */
export const shareSchema = z
  .string()
  .regex(/^(?:100|\d{1,2}(?:\.\d{1,4})?)%$/, {
    error: ({ input }) => `"${String(input)}" is not a percentage; write it like "80%"`,
  })
  .transform((text) => Number(text.slice(0, -1)) / 100);
