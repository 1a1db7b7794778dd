/** The last day on which something counts, and the moment at which it ends: wherever in the world, in UTC. */
import { z } from 'zod';

const DAY_MS = 86_400_000;

const written = z.string().regex(/^\d{4}-\d\d-\d\d$/, {
  abort: true,
  error: ({ input }) => `"${String(input)}" is no day; write it like "2027-01-31"`,
});

export const lastDaySchema = written.transform((day, context) => {
  const endMs = Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1;
  // 30 February is read as 2 March.
  const isDay = !Number.isNaN(endMs) && new Date(endMs).toISOString().startsWith(day);
  if (isDay) return { day, endMs };
  context.addIssue({ code: 'custom', message: `"${day}" is no day of the calendar` });
  return z.NEVER;
});
