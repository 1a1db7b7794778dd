/**
 * Checks what comes in about routings: commands at a balancer and observations at its driver. Output
 * objects have the schema's key order, so that equal routings are equal as text.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import type { InstanceId, PoolId, Scope } from '../core/model/ids.ts';
import { mirrorReportSchema, mirrorRulesSchema } from './mirror-schema.ts';
import { requestLimitsSchema } from '../core/model/request-limits.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import type { Routing, RoutingObservation } from '../core/model/routing.ts';

const ID_PATTERN = /^[\p{L}\p{N}][^\s\p{C}]{0,199}$/u;
const TTL_MS_MAX = 24 * 60 * 60 * 1000;

function idSchema<Id extends string>() {
  return z
    .string()
    .regex(ID_PATTERN, 'is 1 to 200 characters without spaces, beginning with a letter or digit')
    .transform((text) => text as Id);
}

export const scopeSchema = idSchema<Scope>();
const poolIdSchema = idSchema<PoolId>();
const count = z.int().min(0);
const port = z.int().min(1, 'is not in 1 to 65535').max(65535, 'is not in 1 to 65535');
const host = z
  .string()
  .refine((text) => text === 'localhost' || isIP(text) !== 0, 'is neither an IP nor localhost');
const waitMs = z.int().min(1).max(TTL_MS_MAX);

export const tokenSchema = z.strictObject({ deployment: count, sequence: count });

const routedPoolSchema = z.strictObject({
  pool: poolIdSchema,
  version: z.string().min(1),
  endpoints: z.array(z.strictObject({ instance: idSchema<InstanceId>(), host, port })).max(1000),
  weight: z.int().min(0).max(100),
});

const tripLimit = z.int().min(1);

const fieldName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/);

const leaseSchema = z.strictObject({
  candidate: poolIdSchema,
  ttlMs: waitMs,
  trip: z.strictObject({
    connectErrors: tripLimit,
    serverErrors: tripLimit,
    timeouts: tripLimit,
    hangAfterMs: waitMs.exactOptional(),
  }),
  against: poolIdSchema.exactOptional(),
  mirror: mirrorRulesSchema.exactOptional(),
  assignment: z.strictObject({ by: z.enum(['cookie', 'header']), name: fieldName }).exactOptional(),
  safeFirst: z.int().min(1).exactOptional(),
  hedgePercent: z.int().min(1).max(100).exactOptional(),
  callerHeader: fieldName.exactOptional(),
});

const routingShape = z.strictObject({
  scope: scopeSchema,
  listen: z.strictObject({ host, port }),
  pools: z.array(routedPoolSchema).max(100),
  stable: poolIdSchema.nullable(),
  lease: leaseSchema.nullable(),
  requestTimeoutMs: waitMs,
  limits: requestLimitsSchema.exactOptional(),
});

export const routingSchema: z.ZodType<Routing> = routingShape.superRefine((routing, context) => {
  const refuse = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const named = new Map(routing.pools.map((routed) => [routed.pool, routed]));
  if (named.size !== routing.pools.length) refuse(['pools'], 'names a pool twice');
  const total = routing.pools.reduce((sum, routed) => sum + routed.weight, 0);
  if (routing.pools.length > 0 && total !== 100) {
    refuse(['pools'], `has weights that add up to ${total}, not 100`);
  }
  routing.pools.forEach((routed, index) => {
    if (routed.weight > 0 && routed.endpoints.length === 0) {
      refuse(['pools', index, 'endpoints'], 'is empty although the pool has weight');
    }
  });
  const stable = routing.stable === null ? null : named.get(routing.stable);
  if (stable === undefined) refuse(['stable'], 'is not a listed pool');
  if (routing.lease === null) return;
  if (!named.has(routing.lease.candidate)) refuse(['lease', 'candidate'], 'is not a listed pool');
  if (routing.lease.candidate === routing.stable) {
    refuse(['lease', 'candidate'], 'is the stable pool, which needs no lease');
  }
  const { against } = routing.lease;
  if (against !== undefined && !named.has(against)) {
    refuse(['lease', 'against'], 'is not a listed pool');
  }
  if (against === routing.lease.candidate) {
    refuse(['lease', 'against'], 'is the candidate itself');
  }
  if (routing.lease.mirror && named.get(routing.lease.candidate)?.endpoints.length === 0) {
    refuse(['lease', 'mirror'], 'has no endpoints of the candidate to copy requests to');
  }
  if (stable?.endpoints.length === 0) {
    refuse(['stable'], 'has no endpoints to fall back to when the lease ends');
  }
});

const nanoseconds = z.string().regex(/^\d+$/);

export const fallbackSchema = z.discriminatedUnion('cause', [
  z.strictObject({
    cause: z.literal('lease-lapsed'),
    decidedAtNs: nanoseconds,
    zeroAtNs: nanoseconds,
  }),
  z.discriminatedUnion('rule', [
    z.strictObject({
      cause: z.literal('tripped'),
      rule: z.enum(['connectErrors', 'serverErrors', 'timeouts']),
      observed: count,
      limit: count,
      decidedAtNs: nanoseconds,
      zeroAtNs: nanoseconds,
    }),
    z.strictObject({
      cause: z.literal('tripped'),
      rule: z.literal('hangs'),
      observed: count,
      limit: count,
      sent: count,
      afterMs: waitMs,
      decidedAtNs: nanoseconds,
      zeroAtNs: nanoseconds,
    }),
  ]),
]);

export const firstFailuresSchema = z.strictObject({
  connectErrors: nanoseconds.exactOptional(),
  serverErrors: nanoseconds.exactOptional(),
  timeouts: nanoseconds.exactOptional(),
  hangs: nanoseconds.exactOptional(),
});

export const admissionSchema = z.strictObject({
  cleanAnswers: count,
  withheld: count,
  unsafeSent: count,
  admittedAtNs: nanoseconds.exactOptional(),
});

const perPool = z
  .record(z.string(), z.number())
  .transform((record) => record as Record<PoolId, number>);

const instancesPerPool = z
  .record(z.string(), z.array(idSchema<InstanceId>()))
  .transform((record) => record as Record<PoolId, InstanceId[]>);

const answersPerPool = z
  .record(z.string(), z.record(z.string(), count))
  .transform((record) => record as Record<PoolId, Record<InstanceId, number>>);

export const routingObservationSchema: z.ZodType<RoutingObservation> = z.object({
  routing: routingSchema,
  token: tokenSchema,
  weights: perPool,
  inFlight: perPool,
  oldestWaitingMs: perPool,
  ejected: instancesPerPool,
  answered: answersPerPool,
  admission: z
    .object({ isAdmitted: z.boolean(), needed: count, ...admissionSchema.shape })
    .nullable(),
  leaseRemainingMs: z.number().nullable(),
  fallback: fallbackSchema.nullable(),
  firstFailures: firstFailuresSchema,
  inForceSinceNs: nanoseconds,
  isUnserved: z.literal(true).exactOptional(),
});

export const trafficReportSchema: z.ZodType<TrafficReport> = z.object({
  sinceSecond: count,
  refused: z.record(z.string(), count).exactOptional(),
  retriesWithheld: count.exactOptional(),
  hedges: z.strictObject({ sent: count, won: count, withheld: count }).exactOptional(),
  mirror: mirrorReportSchema.exactOptional(),
  samples: z.array(
    z.object({
      epoch: z.string(),
      second: count,
      pool: z.string().transform((text) => text as PoolId),
      token: tokenSchema,
      requests: count,
      serverErrors: count,
      connectErrors: count,
      timeouts: count,
      resets: count,
      failedCallers: count,
      slice: z.object({ requests: count, failedCallers: count }),
      rescued: count,
      clientErrors: count,
      idempotentClientErrors: count,
      latency: z.array(z.tuple([count, count])),
      failureLatency: z.array(z.tuple([count, count])),
      abandoned: count,
      abandonedWaits: z.array(z.tuple([count, count])),
    }),
  ),
});
