/** What a report of findings must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import { durationWithin } from '../../model/duration.ts';
import type { CoveredUnit } from '../fact.ts';
import { levels } from '../level.ts';
import type { FindingsRule } from '../rule.ts';

const COUNT_MAX = 1_000_000;

const config = z.strictObject({
  level: z
    .enum(levels)
    .prefault('medium')
    .describe('Findings of this level and above count; those below are told.'),
  max: z.int().min(0).max(COUNT_MAX).prefault(0).describe('How many of them are put up with.'),
  suppressed: z
    .int()
    .min(0)
    .max(COUNT_MAX)
    .prefault(0)
    .describe(
      'How many of them the tool may have been told to put up with, by comments in sources or by its own configuration. A waiver excuses one, too, and says who, why and until when.',
    ),
  covered: z
    .int()
    .min(1)
    .max(COUNT_MAX)
    .prefault(1)
    .describe('How many files, packages or requests the tool must have looked at.'),
  except: z
    .literal('stable')
    .optional()
    .describe('Puts up with what the stable release has, too: only what is new counts.'),
});

/** The keys of a driver whose reports are findings, and the rule that they make. `unit`: what tools of the format count. */
export function findingsAsked(unit: CoveredUnit) {
  return {
    config,
    ruleOf: ({
      level,
      max,
      suppressed,
      covered,
      except,
    }: z.output<typeof config>): FindingsRule => ({
      ...{ subject: 'findings', level, findingsMax: max, suppressedMax: suppressed },
      covered: { unit, min: covered },
      ...{ databaseAgeMaxMs: null, exceptStable: except === 'stable' },
    }),
  };
}

const datedConfig = config.extend({
  databaseAge: durationWithin('1h', '24d', 'How old what it judges by may be.').prefault('48h'),
});

/** The same of a driver whose tools say in their report of when what they judge by is. */
export function datedFindingsAsked(unit: CoveredUnit) {
  return {
    config: datedConfig,
    ruleOf: ({ databaseAge, ...asked }: z.output<typeof datedConfig>): FindingsRule => ({
      ...findingsAsked(unit).ruleOf(asked),
      databaseAgeMaxMs: databaseAge,
    }),
  };
}
