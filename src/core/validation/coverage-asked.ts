/** What a report of coverage must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { CoverageRule } from './rule.ts';

const share = z
  .string()
  .regex(/^(?:100|\d{1,2}(?:\.\d{1,4})?)%$/, {
    error: ({ input }) => `"${String(input)}" is not a percentage; write it like "80%"`,
  })
  .transform((text) => Number(text.slice(0, -1)) / 100);

const config = z
  .strictObject({
    lines: share.optional().describe('Least share of the lines that tests reach.'),
    branches: share.optional().describe('The same of branches.'),
    functions: share.optional().describe('The same of functions.'),
  })
  .refine(({ lines, branches, functions }) => (lines ?? branches ?? functions) !== undefined, {
    error: 'asks for nothing; say lines, branches or functions',
  });

/** The keys of a driver whose reports are coverage, and the rule that they make. */
export const coverageAsked = {
  config,
  ruleOf: (min: z.output<typeof config>): CoverageRule => ({
    subject: 'coverage',
    min: Object.fromEntries(Object.entries(min).filter(([, least]) => least !== undefined)),
  }),
};
