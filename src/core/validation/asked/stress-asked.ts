/** What a target must bear while the load is raised, as it is written in surefoot.yaml. */
import { z } from 'zod';
import { durationWithin } from '../../model/duration.ts';
import type { StressRule } from '../rule.ts';

const config = z.strictObject({
  peak: z
    .number()
    .positive()
    .max(1_000_000_000)
    .describe('How many requests a second are expected at most.'),
  headRoom: z.number().min(1).max(100).prefault(1.5).describe('How many times that it must bear.'),
  recovery: durationWithin(
    '100ms',
    '1h',
    'How long it may take until it is as before, once the load is.',
  ).prefault('10s'),
});

/** The keys of a driver whose reports are of a stress test, and the rule that they make. */
export const stressAsked = {
  config,
  ruleOf: ({ peak, headRoom, recovery }: z.output<typeof config>): StressRule => ({
    ...{ subject: 'stress', capacityMin: peak * headRoom, recoveryMaxMs: recovery },
  }),
};
