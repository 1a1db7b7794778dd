/** How a release is brought in. Everything has a default; those of the gate depend on the profile. */
import { z } from 'zod';
import { durationWithin } from '../core/model/duration.ts';
import { resourcesSchema } from './resources-schema.ts';
import { mirrorSchema } from './mirror-schema.ts';
import {
  holdForSchema,
  keepOldOf,
  minSamplesSchema,
  strategyOf,
  strategyShape,
} from './strategy-schema.ts';
import { approvalsSchema } from './approvals-schema.ts';
import { assignmentSchema } from './assignment-schema.ts';
import { countWithin, fieldNameSchema, percentageSchema } from './scalar-schemas.ts';
import type { RolloutConfig, SystemConfig } from './system-config.ts';

const COUNT_MAX = 1_000_000;
/** So that most of a step's least requests come after it, those that change something among them. */
const SAFE_SHARE = 4;

/** What live traffic must show when the file does not say. */
const gateDefaults = {
  critical: { errorRate: 0, latencyMaxMs: 100 },
  standard: { errorRate: 0.0001, latencyMaxMs: 200 },
} as const satisfies Record<SystemConfig['profile'], object>;

export const latencyMaxSchema = durationWithin(
  '1ms',
  '1h',
  "Accepted value, below the balancer's requestTimeout. Default: 100ms, or 200ms with profile standard.",
).optional();

export const gateSchema = z.strictObject({
  holdFor: holdForSchema.prefault('30s'),
  deadline: durationWithin(
    '1s',
    '7d',
    'Longest time at each weight; still INCONCLUSIVE then means revert. Above holdFor.',
  ).prefault('10m'),
  minSamples: minSamplesSchema.prefault(200),
  compare: z
    .array(z.enum(['errors', 'latency']))
    .refine((families) => new Set(families).size === families.length, {
      error: 'names the same thing twice',
    })
    .prefault([])
    .describe(
      'What of the candidate is compared with the stable release, second by second; it is reverted when it is worse beyond doubt.',
    ),
  resources: resourcesSchema
    .exactOptional()
    .describe(
      'What of the candidate must not grow beside the stable release, seen in minutes and hours: for steps that are held for long. Default: nothing is looked at.',
    ),
  excludeHarm: z
    .boolean()
    .prefault(false)
    .describe(
      'With compare: the candidate gets all of the traffic only after its answers have excluded that it fails twice as often (and more than 0.1 %) or is slower by a fifth. Takes at least 6,739 answers without a failure.',
    ),
  warmUp: countWithin(0, COUNT_MAX)
    .prefault(200)
    .describe(
      'With compare: first responses of the candidate that are left out, for each of its instances.',
    ),
  callerHeader: fieldNameSchema
    .optional()
    .describe(
      'Header that names a client, so that its failures within ten seconds count once. Default: what rollout.assignment goes by, or else the trace id or the connection.',
    ),
  errorRate: percentageSchema
    .optional()
    .describe(
      'Share of failed requests that is accepted. Default: 0%, or 0.01% with profile standard.',
    ),
  latency: z
    .strictObject({
      quantile: z
        .enum(['p50', 'p90', 'p95', 'p99', 'p99.9'])
        .prefault('p95')
        .describe('Which quantile of the time to the response head is compared.'),
      max: latencyMaxSchema,
    })
    .prefault({})
    .describe('How slow the candidate may be.'),
});

export const probingSchema = z.strictObject({
  consecutive: countWithin(1, 100)
    .prefault(3)
    .describe('Passes in a row that every probe must show on every instance.'),
  interval: durationWithin('10ms', '5m', 'Pause between two attempts.').prefault('200ms'),
  deadline: durationWithin(
    '1s',
    '1d',
    'After this the candidate counts as not ready and the deployment reverts.',
  ).prefault('30s'),
});

export const hangAfterSchema = z
  .union([
    z.literal('never', { error: 'must be a duration from 50ms to 1h, or never' }),
    durationWithin('50ms', '1h', ''),
  ])
  .optional()
  .describe(
    "When more of its requests than of the stable release's, beyond doubt, wait longer than this for a response head, it hangs and need not time out first. `never`, or from 50ms to 1h and below the balancer's requestTimeout. Default: three times gate.latency.max, or never where that is not below it. Of clients that stay with their release (assignment) each request counts: that an equal release trips in less than one of a thousand deployments holds as far as none of them makes up much of what is slow.",
  );

export const rolloutSchema = z.strictObject({
  ...strategyShape,
  lease: durationWithin(
    '2s',
    '5m',
    'If Surefoot is gone for this long, the candidate loses its traffic.',
  ).prefault('10s'),
  safeFirst: countWithin(0, COUNT_MAX)
    .optional()
    .describe(
      'Safe requests (GET, HEAD, OPTIONS without a body) that the candidate must answer well, without a failure in between, before it gets others; those go to the stable release until then. 0 gives it all at once. Default: a quarter of gate.minSamples. Ten others that were kept away stand for one safe one. The limits of the gate count those first answers, too: where safe requests are slower by design than others, 0, or a wider gate.latency.',
    ),
  hedge: countWithin(0, 100)
    .prefault(0)
    .describe(
      "Up to this share of the candidate's safe requests, in percent, goes to the stable release as well, as soon as the wait is longer than it takes itself; the first good answer is the client's. 0 for none.",
    ),
  assignment: assignmentSchema
    .prefault({})
    .describe("Which clients are the candidate's share while it shares the traffic."),
  probing: probingSchema.prefault({}).describe('How often the probes must pass before traffic.'),
  gate: gateSchema.prefault({}).describe('What live traffic must show at each weight.'),
  approvals: approvalsSchema
    .prefault([])
    .describe('Where people must approve of the plan before the release gets more traffic.'),
  trip: z
    .strictObject({
      connectErrors: countWithin(1, COUNT_MAX)
        .prefault(3)
        .describe('Connections refused or reset.'),
      serverErrors: countWithin(1, COUNT_MAX).prefault(5).describe('Answers with a 5xx status.'),
      timeouts: countWithin(1, COUNT_MAX)
        .prefault(3)
        .describe("Requests without a response head within the balancer's requestTimeout."),
      hangAfter: hangAfterSchema,
    })
    .prefault({})
    .describe(
      'Failures after which the balancer itself takes the traffic away at once, counted over the whole deployment: one that waits for days needs more.',
    ),
  drain: durationWithin(
    '1ms',
    '1d',
    'How long the old release may finish what it carries.',
  ).prefault('30s'),
  keepOld: durationWithin(
    '1s',
    '1d',
    'How much longer than holdFor the old release stays warm beside one that has all traffic, which is still judged and loses it at once. Default: 10m with blue-green, else not at all.',
  ).optional(),
  mirror: mirrorSchema
    .exactOptional()
    .describe(
      'Copies of requests for the candidate before it gets any traffic; its answers are compared and thrown away. Default: none. Neither a first release nor a rollback nor a repair is mirrored to.',
    ),
});

/** Slower by so much than an answer may be, it is no answer. */
const HANG_TIMES = 3;

function tripOf(
  { hangAfter, ...counts }: z.output<typeof rolloutSchema>['trip'],
  latencyMaxMs: number,
  requestTimeout: number | null,
): RolloutConfig['trip'] {
  if (hangAfter === 'never') return counts;
  const hangAfterMs = hangAfter ?? HANG_TIMES * latencyMaxMs;
  // It would have timed out before.
  if (requestTimeout !== null && hangAfterMs >= requestTimeout) return counts;
  return { ...counts, hangAfterMs };
}

/** Fills in what depends on the profile and on the balancer. */
export function completeRollout(
  rollout: z.output<typeof rolloutSchema>,
  {
    profile,
    requestTimeout,
  }: { readonly profile: SystemConfig['profile']; readonly requestTimeout: number | null },
): RolloutConfig {
  const {
    strategy: _,
    weights: _w,
    steps: _s,
    proof: _p,
    batch: _b,
    baseline,
    ...shared
  } = rollout;
  const { gate, trip } = rollout;
  const defaults = gateDefaults[profile];
  const latencyMaxMs = gate.latency.max ?? defaults.latencyMaxMs;
  return {
    ...shared,
    strategy: strategyOf(rollout),
    baselineInstances: baseline?.instances ?? 0,
    keepOld: keepOldOf(rollout),
    safeFirst: rollout.safeFirst ?? Math.floor(gate.minSamples / SAFE_SHARE),
    gate: {
      ...gate,
      errorRate: gate.errorRate ?? defaults.errorRate,
      latency: { quantile: gate.latency.quantile, max: latencyMaxMs },
    },
    trip: tripOf(trip, latencyMaxMs, requestTimeout),
  };
}
