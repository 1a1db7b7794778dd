/** The scalars of surefoot.yaml that are more than a string or a number, with their messages. */
import { z } from 'zod';

const NAME_PATTERN = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
const PERCENTAGE_PATTERN = /^(\d{1,9}(?:\.\d{1,9})?)%$/;

/** Part of pool ids, log lines and paths, hence without dots and slashes. */
export const nameSchema = z.string().regex(NAME_PATTERN, {
  error: ({ input }) =>
    `"${String(input)}" is not a name; use 1 to 40 lower-case letters, digits and hyphens, a letter first`,
});

export const variableNameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not a variable name; use letters, digits and underscores, no digit first`,
});

/** Of a header or a cookie. */
export const fieldNameSchema = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, {
  error: ({ input }) =>
    `"${String(input)}" is not the name of a header or cookie; use 1 to 64 letters, digits and hyphens`,
});

/** A share in percent; gives a fraction. */
export const percentageSchema = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? `write the share as a percentage in quotes, for example "${input}%"`
        : undefined,
  })
  .regex(PERCENTAGE_PATTERN, {
    abort: true,
    error: ({ input }) => `"${String(input)}" is not a percentage; write it like "0%" or "0.01%"`,
  })
  .transform((text, context) => {
    const percent = Number(PERCENTAGE_PATTERN.exec(text)?.[1]);
    if (percent <= 100) return percent / 100;
    context.addIssue({ code: 'custom', message: `"${text}" is above 100%` });
    return z.NEVER;
  });

export function countWithin(least: number, most: number) {
  return z.int().min(least).max(most);
}
