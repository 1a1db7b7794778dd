import type { PlannedBackup } from '../../src/core/backup/planned-backup.ts';
import type { ServiceInput } from '../../src/core/plan/compile-plan.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import {
  aMirrorPolicy,
  aPlan,
  aRolloutPolicy,
  aServiceInput,
  type PlanChanges,
  type RolloutChanges,
} from '../support/plan-builder.ts';
import {
  aPlannedDatabase,
  aPlannedMigration,
  plannedMigrations,
} from '../support/planned-database.ts';
import { anApiBeforeWeb } from '../support/several-services.ts';
import type { PlanShape } from './scenario.ts';

/** 2.0 over 1.0, or over nothing, with waits that are short beside the faults. */
export function aSimulatedPlan(shape: PlanShape = 'two-shifts'): Plan {
  const input = aServiceInput();
  const limits = {
    holdMs: 200,
    // More than one look has, whatever the share.
    samplesMin: shape === 'blue-green' || shape === 'mirrored' ? 8 : 4,
    errorRateMax: 0,
    latency: { quantile: 0.95, maxMs: 100 },
  };
  const balancer = { ...input.balancer, requestTimeoutMs: shape === 'compared' ? 4_000 : 200 };
  const changes = {
    balancer,
    pool: { ...input.pool, startTimeoutMs: 1_000 },
    inForce: { balancer, probes: input.probes },
    rollout: aRolloutPolicy({
      weights: [50, 100],
      leaseTtlMs: 2_000,
      probing: { consecutive: 1, intervalMs: 50, deadlineMs: 2_000 },
      limits,
      // Requests time out before anybody could call it a hang.
      trip: { connectErrors: 3, serverErrors: 5, timeouts: 3 },
      judgeDeadlineMs: 8_000,
      drainMs: 200,
      ...STRATEGIES[shape],
    }),
  };
  if (shape === 'together') return together(changes);
  return aPlan({ ...changes, ...CHANGES[shape] });
}

/** Each with versions of its own, by which probes tell them apart. */
function together(changes: Partial<ServiceInput>): Plan {
  const [api, web] = anApiBeforeWeb(changes);
  const of = (release: ServiceInput['release']) => ({
    ...release,
    version: `${release.version}-api`,
  });
  const stable = api.stable && {
    ...api.stable,
    release: { ...api.stable.release, version: `${api.stable.release.version}-api` },
  };
  return aPlan({ services: [{ ...api, release: of(api.release), stable }, web] });
}

const mirror = aMirrorPolicy({
  limits: { samplesMin: 8, differentMax: 0, latency: { quantile: 0.95, maxMs: 100 } },
  deadlineMs: 8_000,
});

/** What a comparison has found is carried on: no share is held for as long as it takes alone. */
const compared: RolloutChanges = {
  strategy: {
    kind: 'canary',
    steps: [
      { weight: 30, holdMs: 3_300, samplesMin: 4 },
      { weight: 50, holdMs: 3_300, samplesMin: 4 },
      { weight: 100, holdMs: 200, samplesMin: 4 },
    ],
  },
  compare: ['errors', 'latency'],
  limits: {
    ...{ holdMs: 200, samplesMin: 4, errorRateMax: 0.5 },
    latency: { quantile: 0.95, maxMs: 100 },
  },
  trip: { connectErrors: 3, serverErrors: 1_000, timeouts: 3, hangAfterMs: 300 },
};

const STRATEGIES: Readonly<Partial<Record<PlanShape, RolloutChanges>>> = {
  mirrored: { mirror, weights: [100] },
  'blue-green': { strategy: { kind: 'blue-green', proof: 3 }, keepOldMs: 100 },
  approved: {
    approvals: [{ before: 100, approvers: 2, exceptStarter: true, deadlineMs: 3_000 }],
  },
  baseline: { baselineInstances: 1 },
  rolling: { strategy: { kind: 'rolling', batch: { instances: 1 } } },
  compared,
};

const backup: PlannedBackup = {
  ...{ name: 'data', driver: 'simulated', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 10_000 },
  ...{ keep: { last: 1, days: 0 }, configDigest: `sha256:${'2'.repeat(64)}` },
};
const now = ['1.sql', '2.sql'].map(aPlannedMigration);
const migrated: PlanChanges = {
  backups: [backup],
  database: aPlannedDatabase({
    backup: backup.name,
    migrations: plannedMigrations({ now, shipped: now.map(({ name }) => name) }),
    invariants: [{ name: 'orders-are-there', query: 'orders' }],
  }),
};

const CHANGES: Readonly<Record<PlanShape, PlanChanges>> = {
  'two-shifts': {},
  mirrored: {},
  'blue-green': {},
  rolling: {},
  approved: {},
  baseline: {},
  together: {},
  repair: { kind: 'repair' },
  rollback: { kind: 'rollback' },
  first: { stable: null, inForce: null },
  compared: {},
  migrated,
};
