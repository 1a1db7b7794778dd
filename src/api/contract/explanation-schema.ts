/** The form of an explanation, for the API's description and for programs that rely on it. */
import { z } from '@hono/zod-openapi';
import type { Explanation } from '../../core/explanation/explanation.ts';
import { failures, type FailureCode } from '../../core/failures.ts';
import type { Finding } from '../../core/gates/finding.ts';

const failureCode = z.enum(Object.keys(failures) as [FailureCode, ...FailureCode[]]);
const count = z.number().int().min(0);
const text = z.string();

const familySchema = z.enum(['errors', 'latency', 'resources']);

const comparedArmSchema = z
  .strictObject({
    responses: count,
    failures: count.describe('Callers that met a failure.'),
    latencyMs: z.strictObject({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
  })
  .openapi('ComparedArm');

const gaugeGrowthSchema = z
  .strictObject({
    gauge: z.enum(['memory', 'openFiles']),
    evidence: z.number().describe('ln E that it grows faster than it may.'),
    growth: z
      .number()
      .describe(
        'How much more the candidate takes up than the stable release, beside how it was at first: bytes, or open files.',
      ),
    overMs: z.number(),
  })
  .openapi('GaugeGrowth');

const openPointSchema = z.enum([
  ...(['no-data', 'stale', 'discards', 'partial-data', 'not-serving', 'incident'] as const),
  ...(['too-early', 'errors-open', 'latency-open', 'resources-open'] as const),
]);

const comparedSchema = z
  .strictObject({
    evidence: z
      .strictObject({
        total: z.number(),
        families: z.strictObject({
          errors: z.number(),
          latency: z.number(),
          resources: z.number(),
        }),
      })
      .describe('ln E that the candidate is worse.'),
    needed: z.number().describe('ln E from which on it is rolled back.'),
    isWorse: z.boolean(),
    culprits: z.array(familySchema),
    candidate: comparedArmSchema,
    stable: comparedArmSchema,
    ticks: count,
    discarded: count,
    gauges: z
      .array(gaugeGrowthSchema)
      .exactOptional()
      .describe('Missing when nothing that instances take up is judged.'),
    open: z
      .strictObject({ point: openPointSchema, observed: z.number(), limit: z.number() })
      .nullable()
      .describe('Why there was no PASS yet; null when the comparison was not in its way.'),
  })
  .openapi('ComparedFigures');

/** Every member of a union, which the compiler counts. */
function membersOf<Member extends string>(members: Readonly<Record<Member, true>>) {
  return z.enum(Object.keys(members) as [Member, ...Member[]]);
}

const metricSchema = membersOf<Finding['metric']>({
  ...{ errorRate: true, latency: true, samples: true, held: true, split: true, trip: true },
  ...{ lease: true, waiting: true, ejected: true, quietest: true, timed: true, hang: true },
  admission: true,
  ...{ comparison: true, compared: true, discarded: true },
  ...{ silent: true, incident: true, harm: true, resources: true },
  ...{ mirrored: true, different: true },
});

const unitSchema = membersOf<Finding['unit']>({
  ...{ fraction: true, ms: true, requests: true, percent: true },
  ...{ failures: true, instances: true, nats: true, resources: true },
});

const courseArmSchema = z
  .strictObject({
    requests: z.array(count),
    failures: z.array(count),
    p95: z.array(z.number().nullable()).describe('In ms.'),
  })
  .openapi('CourseArm');

const courseSchema = z
  .strictObject({
    firstSecond: z.number().describe("Of the balancer's clock."),
    seconds: count,
    secondsPerPoint: count,
    candidate: courseArmSchema,
    stable: courseArmSchema.nullable(),
    evidence: z.array(z.number().nullable()).describe('ln E behind each point.'),
    open: z
      .array(z.strictObject({ second: z.number(), metric: metricSchema }))
      .describe('What stood in the way of a PASS, each time that it changed.'),
  })
  .openapi('TrafficCourse')
  .describe('How a judged step went: one value for each point of time.');

const findingSchema = z
  .strictObject({
    metric: metricSchema,
    observed: z.number(),
    limit: z.number(),
    unit: unitSchema,
    samples: count.describe('Requests that the observed value was computed from.'),
    met: z.boolean(),
    name: text,
    stable: z.number().nullable().describe('What the stable release had of it.'),
    bound: z.enum(['at most', 'at least', 'below', 'exactly']),
    missing: text.nullable().describe('What would have been needed.'),
  })
  .openapi('ExplainedFinding');

const stepSchema = z
  .strictObject({
    id: text,
    row: text,
    phase: z.enum(['preparation', 'rollout', 'verification', 'completion', 'revert']),
    title: text,
    attempts: count,
    startedAt: text,
    outcome: z.enum(['running', 'passed', 'failed']),
    code: failureCode.nullable(),
    durationMs: z.number().nullable(),
    sentence: text,
    judged: z
      .strictObject({
        verdict: z.enum(['ROLLBACK', 'INCONCLUSIVE', 'PASS']),
        weight: z.number().describe("The candidate's share in percent."),
        findings: z.array(findingSchema),
        compared: comparedSchema.nullable(),
        families: z.array(familySchema).describe('What was compared.'),
        evidence: text.nullable(),
        course: courseSchema.nullable(),
      })
      .nullable()
      .describe('What was judged on live traffic.'),
  })
  .openapi('ExplainedStep');

/** Strict: a field that is not described here is not answered. */
export const explanationSchema: z.ZodType<Explanation> = z
  .strictObject({
    id: text,
    kind: z.enum(['deploy', 'repair', 'rollback', 'restore']),
    environment: text,
    services: z.array(z.strictObject({ service: text, release: text, replaces: text.nullable() })),
    status: z.enum(['running', 'promoted', 'reverted', 'held']),
    sentence: text.describe('How it stands or ended, and why.'),
    cause: z
      .strictObject({
        step: text,
        row: text.nullable(),
        title: text.nullable(),
        code: failureCode,
        sentence: text,
        remedy: text,
        details: z.record(z.string(), z.unknown()).nullable(),
      })
      .nullable(),
    steps: z.array(stepSchema),
    timeline: z.array(
      z.strictObject({
        at: text,
        kind: z.enum([
          ...(['requested', 'shifted', 'judged', 'failed'] as const),
          ...(['asked', 'turned', 'emptied', 'ended'] as const),
        ]),
        text,
      }),
    ),
    exposure: z
      .strictObject({
        requests: count,
        failures: count,
        clientErrors: count,
        idempotentClientErrors: count,
        rescued: count,
        budgetSeconds: z.number(),
        isWhole: z.boolean(),
      })
      .nullable(),
    decisionToZeroMs: z.number().nullable(),
    totalMs: z.number().nullable(),
  })
  .openapi('Explanation');
