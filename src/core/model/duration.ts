/** Durations as people write them in configuration and on the command line: `500ms`, `10s`, `1.5h`. */
import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;

/** Timers of the runtime fire at once beyond this, so that nothing longer may be asked for. */
const DURATION_MS_MAX = 2 ** 31 - 1;

/** Whole milliseconds, or null when the text is no duration, is zero, or is longer than 24 days. */
export function parseDuration(text: string): number | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const ms = Math.round(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
  return ms > 0 && ms <= DURATION_MS_MAX ? ms : null;
}

/** In the largest unit that keeps it whole: the inverse of `parseDuration`. */
export function formatDuration(ms: number): string {
  const units = Object.entries(UNIT_MS).sort(([, left], [, right]) => right - left);
  const [unit, size] = units.find(([, unitMs]) => ms > 0 && ms % unitMs === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** A duration in a configuration: text in, milliseconds out. */
export const durationSchema = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `${input} has no unit; write a duration like 500ms, 10s, 5m or 1h`
        : undefined,
  })
  .regex(PATTERN, { abort: true, error: ({ input }) => notADuration(input) })
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== null) return ms;
    context.addIssue({
      code: 'custom',
      message: `"${text}" is out of range; a duration is longer than 0 and at most ${DURATION_MS_MAX}ms (24 days)`,
    });
    return z.NEVER;
  });

/** A duration within limits, both given as people write them. */
export function durationWithin(least: string, most: string, description: string) {
  const [leastMs, mostMs] = [durationSchema.parse(least), durationSchema.parse(most)];
  return durationSchema
    .refine((ms) => ms >= leastMs && ms <= mostMs, { error: `must be from ${least} to ${most}` })
    .describe(`${description} From ${least} to ${most}.`);
}

function notADuration(input: unknown): string {
  return `"${String(input)}" is not a duration; write it like 500ms, 10s, 5m or 1h`;
}
