/** What a list of components must show, as it is written in surefoot.yaml. */
import { z } from 'zod';
import { isSingleLicence } from '../judge-licence.ts';
import { levels } from '../level.ts';
import type { ComponentsRule } from '../rule.ts';

const COUNT_MAX = 1_000_000;

const licence = z.string().refine(isSingleLicence, {
  error: ({ input }) => `"${String(input)}" is no id of a licence in the list of SPDX`,
});

const config = z.strictObject({
  components: z
    .int()
    .min(1)
    .max(COUNT_MAX)
    .prefault(1)
    .describe('How many components it must list at least.'),
  licences: z
    .strictObject({
      allow: z
        .array(licence)
        .min(1)
        .max(1_000)
        .describe('Ids of SPDX. Of `A OR B` one must be among them, of `A AND B` both.'),
      unknown: z
        .int()
        .min(0)
        .max(COUNT_MAX)
        .prefault(0)
        .describe('How many may say nothing of their licence, or nothing that SPDX knows.'),
    })
    .optional()
    .describe('Which licences are allowed. Without it any is.'),
});

const scannedConfig = config.extend({
  vulnerabilities: z
    .strictObject({
      level: z
        .enum(levels)
        .prefault('medium')
        .describe('Vulnerabilities of this level and above count; those below are told.'),
      max: z.int().min(0).max(COUNT_MAX).prefault(0).describe('How many of them are put up with.'),
      suppressed: z
        .int()
        .min(0)
        .max(COUNT_MAX)
        .prefault(0)
        .describe('How many of them the list itself may say that they do no harm.'),
    })
    .optional()
    .describe('What a scanner must have found in them. Without it what it found is told.'),
});

/** The keys of a driver whose reports list components, and the rule that they make. */
export const componentsAsked = { config, ruleOf: componentsRule };

/** The same of one whose reports may say what is wrong with them. */
export const scannedComponentsAsked = {
  config: scannedConfig,
  ruleOf: ({ vulnerabilities, ...asked }: z.output<typeof scannedConfig>): ComponentsRule => ({
    ...componentsRule(asked),
    vulnerabilities: vulnerabilities
      ? {
          ...{ subject: 'findings', level: vulnerabilities.level, databaseAgeMaxMs: null },
          exceptStable: false,
          ...{ findingsMax: vulnerabilities.max, suppressedMax: vulnerabilities.suppressed },
          covered: { unit: 'package', min: asked.components },
        }
      : null,
  }),
};

function componentsRule({ components, licences }: z.output<typeof config>): ComponentsRule {
  return {
    ...{ subject: 'components', componentsMin: components, vulnerabilities: null },
    licences: licences ? { allowed: licences.allow, unknownMax: licences.unknown } : null,
  };
}
