/** What results of controls must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import { levels } from '../level.ts';
import type { ControlsRule } from '../rule.ts';

const COUNT_MAX = 1_000_000;

const config = z.strictObject({
  level: z
    .enum(levels)
    .prefault('note')
    .describe('Controls of this level and above must pass; failures below it are told.'),
  controls: z
    .int()
    .min(1)
    .max(COUNT_MAX)
    .prefault(1)
    .describe('How many must have applied at least.'),
  notChecked: z
    .int()
    .min(0)
    .max(COUNT_MAX)
    .prefault(0)
    .describe('How many may be left unchecked, because a tool cannot check them.'),
  waived: z
    .int()
    .min(0)
    .max(COUNT_MAX)
    .prefault(0)
    .describe('How many the tool may have been told to leave out.'),
});

/** The keys of a driver whose reports are results of controls, and the rule that they make. */
export const controlsAsked = {
  config,
  ruleOf: ({ level, controls, notChecked, waived }: z.output<typeof config>): ControlsRule => ({
    ...{ subject: 'controls', level, controlsMin: controls, notCheckedMax: notChecked },
    waivedMax: waived,
  }),
};
