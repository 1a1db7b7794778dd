/** What a report of tests must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { TestsRule } from '../rule.ts';

const COUNT_MAX = 1_000_000;

const config = z.strictObject({
  tests: z
    .int()
    .min(1)
    .max(COUNT_MAX)
    .prefault(1)
    .describe('How many tests must have run at least.'),
  skipped: z
    .int()
    .min(0)
    .max(COUNT_MAX)
    .prefault(0)
    .describe('How many may be skipped. All that run must pass.'),
});

/** The keys of a driver whose reports are results of tests, and the rule that they make. */
export const testsAsked = {
  config,
  ruleOf: ({ tests, skipped }: z.output<typeof config>): TestsRule => ({
    ...{ subject: 'tests', testsMin: tests, skippedMax: skipped },
  }),
};
