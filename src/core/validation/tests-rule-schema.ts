/** What a report of tests must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import type { TestsRule } from './rule.ts';

const COUNT_MAX = 1_000_000;

/** The keys of any driver whose reports are results of tests. */
export const testsRuleSchema = z.strictObject({
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

export function testsRule({ tests, skipped }: z.output<typeof testsRuleSchema>): TestsRule {
  return { subject: 'tests', testsMin: tests, skippedMax: skipped };
}
