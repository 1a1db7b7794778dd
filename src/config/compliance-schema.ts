/** Which profile of controls a service is held to, and which of its controls do not apply. */
import { z } from 'zod';
import type { Exemption } from '../core/compliance/control.ts';
import { lastDaySchema } from './last-day-schema.ts';
import { controlIdSchema } from './profile-schema.ts';

const EXEMPTIONS_MAX = 500;
const TEXT_MAX = 500;

export const BUILT_IN = 'builtin:';
export const builtInProfiles = ['c-4'] as const;

const textSchema = z.string().max(TEXT_MAX).regex(/\S/, { error: 'must not be empty' });

const exemptionSchema = z
  .strictObject({
    control: controlIdSchema.describe('Id of the control in the profile.'),
    reason: textSchema.describe('Why it does not apply.'),
    owner: textSchema.describe('Who answers for that.'),
    until: lastDaySchema.describe(
      'The last day on which it counts, in UTC. Behind it, it counts as none.',
    ),
  })
  .transform(({ until, ...said }): Exemption => ({
    ...said,
    until: until.day,
    untilMs: until.endMs,
  }));

export const complianceSchema = z.strictObject({
  profile: z
    .string()
    .min(1)
    .superRefine((profile, context) => {
      const name = profile.startsWith(BUILT_IN) ? profile.slice(BUILT_IN.length) : null;
      if (name === null || builtInProfiles.some((each) => each === name)) return;
      const known = builtInProfiles.map((each) => `${BUILT_IN}${each}`).join(', ');
      const message = `there is no profile "${profile}"; built in are: ${known}`;
      context.addIssue({ code: 'custom', message });
    })
    .describe(
      '`builtin:c-4`, or a YAML file of controls, relative to the folder of surefoot.yaml. All controls that apply must pass.',
    ),
  notApplicable: z
    .array(exemptionSchema)
    .max(EXEMPTIONS_MAX)
    .superRefine((exemptions, context) => {
      const ids = exemptions.map(({ control }) => control);
      for (const [index, id] of ids.entries()) {
        if (ids.indexOf(id) === index) continue;
        const message = `"${id}" is there already`;
        context.addIssue({ code: 'custom', path: [index, 'control'], message });
      }
    })
    .prefault([])
    .describe('Controls that do not apply here. They are shown and counted; expired, they apply.'),
});
