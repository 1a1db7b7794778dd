/** What a report of coverage must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { CoverageRule } from '../rule.ts';
import { shareSchema } from './share-schema.ts';

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
  })
  .refine(({ lines, branches, functions }) => (lines ?? branches ?? functions) !== undefined, {
    error: 'asks for nothing; say lines, branches or functions',
  });

/** The keys of a driver whose reports are coverage, and the rule that they make. */
export const coverageAsked = {
  config,
  ruleOf: ({ margin, ...min }: z.output<typeof config>): CoverageRule => ({
    ...{ subject: 'coverage', marginMax: margin ?? null },
    min: Object.fromEntries(Object.entries(min).filter(([, least]) => least !== undefined)),
  }),
};
