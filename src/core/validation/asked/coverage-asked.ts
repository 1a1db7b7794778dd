/** What a report of coverage must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { CoverageRule } from '../rule.ts';
import { shareSchema } from './share-schema.ts';

const COUNT_MAX = 1_000_000_000;

const config = z
  .strictObject({
    lines: shareSchema.optional().describe('Least share of the lines that tests reach.'),
    branches: shareSchema.optional().describe('The same of branches.'),
    functions: shareSchema.optional().describe('The same of functions.'),
    margin: shareSchema
      .optional()
      .describe(
        'How much less than of the stable release it may be. Default: they are not compared.',
      ),
    measured: z
      .int()
      .min(1)
      .max(COUNT_MAX)
      .prefault(1)
      .describe('How many lines must have been measured at least.'),
  })
  .refine(({ lines, branches, functions }) => (lines ?? branches ?? functions) !== undefined, {
    error: 'asks for nothing; say lines, branches or functions',
  });

/** The keys of a driver whose reports are coverage, and the rule that they make. */
export const coverageAsked = {
  config,
  ruleOf: ({ margin, measured, ...min }: z.output<typeof config>): CoverageRule => ({
    ...{ subject: 'coverage', marginMax: margin ?? null, linesMin: measured },
    min: Object.fromEntries(Object.entries(min).filter(([, least]) => least !== undefined)),
  }),
};
