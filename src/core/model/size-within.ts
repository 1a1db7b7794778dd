/** Sizes as people write them in configuration: `512B`, `64KiB`, `1MiB`, `1.5GiB`. */
import { z } from 'zod';

const UNIT_BYTES = { B: 1, KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3, TiB: 1_024 ** 4 } as const;
const PATTERN = /^(\d{1,6}(?:\.\d{1,6})?)(B|KiB|MiB|GiB|TiB)$/;

/** Whole bytes, or null when the text is no size or is zero. */
export function parseSize(text: string): number | null {
  const match = PATTERN.exec(text);
  if (!match) return null;
  const bytes = Math.round(Number(match[1]) * UNIT_BYTES[match[2] as keyof typeof UNIT_BYTES]);
  return bytes > 0 ? bytes : null;
}

/** A size within limits, both given as people write them: text in, bytes out. */
export function sizeWithin(least: string, most: string, description: string) {
  const [leastBytes, mostBytes] = [parseSize(least) ?? 0, parseSize(most) ?? 0];
  return z
    .string({
      error: ({ input }) =>
        typeof input === 'number'
          ? `${input} has no unit; write a size like 512B, 64KiB, 100MiB or 1GiB`
          : undefined,
    })
    .regex(PATTERN, {
      abort: true,
      error: ({ input }) =>
        `"${String(input)}" is not a size; write it like 512B, 64KiB, 100MiB or 1GiB`,
    })
    .transform((text, context) => {
      const bytes = parseSize(text);
      if (bytes !== null && bytes >= leastBytes && bytes <= mostBytes) return bytes;
      context.addIssue({ code: 'custom', message: `must be from ${least} to ${most}` });
      return z.NEVER;
    })
    .describe(`${description} From ${least} to ${most}.`);
}
