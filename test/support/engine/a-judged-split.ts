import assert from 'node:assert/strict';
import type { JudgeTraffic, PlannedPool } from '../../../src/core/plan/plan.ts';
import type { ActionContext } from '../../../src/engine/action-context.ts';
import { resolveRouting } from '../../../src/engine/actions/apply-split.ts';
import { systemClock, type Clock } from '../../../src/platform/clock.ts';
import { aPlan, aRolloutPolicy, type RolloutChanges } from '../plan-builder.ts';
import { actionUnderTest, type ActionUnderTest } from './an-action-context.ts';
import { scope } from './simulated-surroundings.ts';

/** More than ever happens in a test: a day in ms. */
export const NO_LIMIT = 86_400_000;

export interface JudgedSplit extends Pick<ActionUnderTest, 'surroundings'> {
  readonly context: ActionContext;
  readonly judge: JudgeTraffic;
  readonly candidate: PlannedPool;
  readonly baseline: PlannedPool | undefined;
  /** Of the candidate, as it is now. */
  weight(): number | undefined;
}

/** 2.0 has 50 % beside 1.0 and is to be judged; a second passes with every look. */
export async function aJudgedSplit(rollout: RolloutChanges): Promise<JudgedSplit> {
  const under = actionUnderTest(10_000, secondsPerLook());
  const { surroundings } = under;
  const plan = aPlan({
    probes: under.context.plan.services[0].probes,
    rollout: aRolloutPolicy({
      ...{ leaseTtlMs: NO_LIMIT, warmUpResponses: 10 },
      trip: { connectErrors: NO_LIMIT, serverErrors: NO_LIMIT, timeouts: NO_LIMIT },
      ...rollout,
    }),
  });
  const actions = plan.steps.map((step) => step.action);
  const shift = actions.filter(({ kind }) => kind === 'apply-split')[1];
  const judge = actions.filter(({ kind }) => kind === 'judge-traffic')[1];
  const [{ stable, candidate, baseline }] = plan.services;
  assert.ok(shift?.kind === 'apply-split' && judge?.kind === 'judge-traffic' && stable);
  const lease = { scope, token: { deployment: 2, sequence: 4 }, ttlMs: NO_LIMIT };
  const command = { ...under.context.command, leases: [lease] };
  const context = { ...under.context, plan, command, lease };
  for (const pool of [stable, candidate, baseline]) if (pool) await under.run(pool);
  const { signal } = context;
  const routing = await resolveRouting(context, shift.split);
  await context.drivers.balancer.apply(routing, { token: lease.token, signal });
  return {
    ...{ surroundings, context, judge, candidate },
    baseline: baseline ?? undefined,
    weight: () => surroundings.balancer.observe(scope)?.weights[candidate.pool],
  };
}

/** Its sleeps are all that takes time. */
function secondsPerLook(): Clock {
  let nowMs = 0;
  return {
    ...systemClock,
    monotonicNs: () => BigInt(nowMs) * 1_000_000n,
    sleep() {
      nowMs += 1_000;
      return Promise.resolve();
    },
  };
}
