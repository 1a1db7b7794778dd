import {
  compilePlan,
  type PlanInput,
  type ServiceInput,
} from '../../src/core/plan/compile-plan.ts';
import type { MirrorPolicy, Plan, PlannedPool, RolloutPolicy } from '../../src/core/plan/plan.ts';
import { someMirrorRules } from './core/some-mirror-rules.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** `weights` for a canary whose steps have the floors of the gate. */
export type RolloutChanges = Partial<RolloutPolicy> & { readonly weights?: readonly number[] };

export function aRolloutPolicy({
  weights = [10, 50, 100],
  ...changes
}: RolloutChanges = {}): RolloutPolicy {
  const policy = { ...aCanaryPolicy, ...changes };
  const { holdMs, samplesMin } = policy.limits;
  const steps = weights.map((weight) => ({ weight, holdMs, samplesMin }));
  return { strategy: { kind: 'canary', steps }, ...policy };
}

const aCanaryPolicy: Omit<RolloutPolicy, 'strategy'> = {
  leaseTtlMs: 10_000,
  trip: { connectErrors: 3, serverErrors: 5, timeouts: 3, hangAfterMs: 300 },
  probing: { consecutive: 3, intervalMs: 200, deadlineMs: 30_000 },
  limits: {
    holdMs: 10_000,
    samplesMin: 100,
    errorRateMax: 0,
    latency: { quantile: 0.95, maxMs: 100 },
  },
  judgeDeadlineMs: 60_000,
  compare: [],
  excludeHarm: false,
  warmUpResponses: 0,
  keepOldMs: 0,
  drainMs: 30_000,
};

/** All requests are copied, and a hundred of them are enough. */
export function aMirrorPolicy(changes: Partial<MirrorPolicy> = {}): MirrorPolicy {
  return {
    rules: someMirrorRules(),
    limits: { samplesMin: 100, differentMax: 0.001, latency: { quantile: 0.95, maxMs: 100 } },
    deadlineMs: 60_000,
    ...changes,
  };
}

/** Of the deployment and, unless `services` are given, of its only service. */
export type PlanChanges = Partial<PlanInput> & Partial<ServiceInput>;

/** The input of a deployment of 2.0 over 1.0, which deployment 1 brought in. */
export function aPlanInput(changes: PlanChanges = {}): PlanInput {
  const { deployment = 2, kind = 'deploy', system = 'newsroom', ...more } = changes;
  const { environment = 'production', acceptDrift, services, ...service } = more;
  return {
    ...{ deployment, kind, system, environment },
    ...(acceptDrift !== undefined && { acceptDrift }),
    services: services ?? [aServiceInput(service)],
  };
}

/** 2.0 over 1.0, which deployment 1 brought in. */
export function aServiceInput(changes: Partial<ServiceInput> = {}): ServiceInput {
  const first = aFirstInput();
  return { ...first, stable: aStablePool(), inForce: first, ...changes };
}

function aFirstInput(): ServiceInput {
  return {
    service: 'web',
    release: { version: '2.0', artifactDigest: digest('b'), configDigest: digest('d') },
    artifactPath: '/releases/2.0',
    pool: {
      command: ['node', 'server.mjs'],
      instances: 2,
      startTimeoutMs: 5_000,
      stopGraceMs: 2_000,
    },
    target: { driver: 'simulated', config: {} },
    balancer: {
      driver: 'simulated',
      config: {},
      listen: { host: '127.0.0.1', port: 8080 },
      requestTimeoutMs: 4_000,
    },
    probes: [{ name: 'health', driver: 'simulated', config: {} }],
    rollout: aRolloutPolicy(),
    stable: null,
    inForce: null,
  };
}

export function aStablePool(changes: Partial<PlannedPool> = {}): PlannedPool {
  const first = {
    ...aFirstInput(),
    release: { version: '1.0', artifactDigest: digest('a'), configDigest: digest('c') },
    artifactPath: '/releases/1.0',
  };
  const [{ candidate }] = planOf(aPlanInput({ deployment: 1, services: [first] })).services;
  return { ...candidate, restart: 'always', ...changes };
}

export function aPlan(changes: PlanChanges = {}): Plan {
  return planOf(aPlanInput(changes));
}

function planOf(input: PlanInput): Plan {
  const compiled = compilePlan(input);
  if (compiled.kind === 'refused') throw new Error(compiled.failure.message);
  return compiled.plan;
}
