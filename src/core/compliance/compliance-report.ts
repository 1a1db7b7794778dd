/** What is kept of one judgement of a profile: enough to show it again and to hand it on. */
import { z } from 'zod';
import { digestSchema } from '../digest-schema.ts';
import { criterionSchema } from '../validation/criterion-schema.ts';
import { controlOutcomes } from '../validation/fact.ts';
import { levels } from '../validation/level.ts';
import { outcomes } from '../validation/outcome.ts';

/** The name of the judgement on controls, which stands among the checks. */
export const COMPLIANCE = 'compliance';

const answerOutcome = z.enum(controlOutcomes).exclude(['waived']);

const evidence = z.strictObject({
  kind: z.enum(['check', 'row', 'fact', 'missing']),
  name: z.string(),
  outcome: answerOutcome.exclude(['not-applicable']),
  observed: z.string(),
  report: z.strictObject({ path: z.string(), digest: digestSchema }).nullable(),
});

const control = z.strictObject({
  ...{ id: z.string(), title: z.string(), source: z.string(), level: z.enum(levels) },
  ...{ outcome: answerOutcome, message: z.string().nullable() },
  evidence: z.array(evidence).readonly(),
  exemption: z
    .strictObject({
      ...{ control: z.string(), reason: z.string(), owner: z.string(), until: z.string() },
      isInForce: z.boolean(),
    })
    .nullable(),
});

export const complianceReportSchema = z.strictObject({
  format: z.literal('surefoot-compliance-1'),
  surefoot: z.string(),
  ...{ system: z.string(), service: z.string(), environment: z.string() },
  /** `where`: its file, or its name when it is built in. */
  profile: z.strictObject({
    name: z.string(),
    title: z.string(),
    where: z.string(),
    digest: digestSchema,
  }),
  ...{ startedAt: z.iso.datetime(), endedAt: z.iso.datetime() },
  outcome: z.enum(outcomes),
  criteria: z.array(criterionSchema).readonly(),
  controls: z.array(control).readonly(),
});

export type ComplianceReport = Readonly<z.output<typeof complianceReportSchema>>;
