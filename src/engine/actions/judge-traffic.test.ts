import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { ServiceInput } from '../../core/plan/compile-plan.ts';
import type { SimulatedAnswer } from '../../drivers/balancer/simulated/simulated-answer.ts';
import type { Comparison } from '../../core/verdict/comparison.ts';
import { defaultVerdictSettings } from '../../core/verdict/default-verdict-settings.ts';
import { initialVerdictState } from '../../core/verdict/verdict-state.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { resolveRouting } from './apply-split.ts';
import { judgeTraffic } from './judge-traffic.ts';

/** A second passes with every look: its sleeps are all that takes time. */
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

const FINE: SimulatedAnswer = { kind: 'answer', status: 200, latencyUs: 1_000 };
const NO_LIMIT = 1_000_000;

/** The gate at 50 %, with limits that allow nearly everything. */
async function judged(
  compare: ServiceInput['rollout']['compare'],
  answer: (request: number) => SimulatedAnswer,
  before: Comparison | null = null,
  baseline?: (request: number) => SimulatedAnswer,
) {
  const under = actionUnderTest(10_000, secondsPerLook());
  const plan = aPlan({
    probes: under.context.plan.services[0].probes,
    rollout: aRolloutPolicy({
      ...{ compare, warmUpResponses: 10, leaseTtlMs: NO_LIMIT },
      baselineInstances: baseline ? 1 : 0,
      limits: {
        ...{ holdMs: 60_000, samplesMin: 100, errorRateMax: 1 },
        latency: { quantile: 0.95, maxMs: 60_000 },
      },
      trip: { connectErrors: NO_LIMIT, serverErrors: NO_LIMIT, timeouts: NO_LIMIT },
    }),
  });
  const actions = plan.steps.map((step) => step.action);
  const shift = actions.filter(({ kind }) => kind === 'apply-split')[2];
  const judge = actions.filter(({ kind }) => kind === 'judge-traffic')[1];
  assert.ok(
    shift?.kind === 'apply-split' && judge?.kind === 'judge-traffic' && plan.services[0].stable,
  );
  const lease = { scope, token: { deployment: 2, sequence: 4 }, ttlMs: NO_LIMIT };
  const command = { ...under.context.command, leases: [lease], comparison: before };
  const context = { ...under.context, plan, command, lease };
  await under.run(plan.services[0].stable);
  await under.run(plan.services[0].candidate);
  if (plan.services[0].baseline) await under.run(plan.services[0].baseline);
  const routing = await resolveRouting(context, shift.split);
  const { signal } = context;
  await context.drivers.balancer.apply(routing, { token: lease.token, signal });
  under.surroundings.balancer.behave(plan.services[0].candidate.pool, answer);
  if (baseline && plan.services[0].baseline)
    under.surroundings.balancer.behave(plan.services[0].baseline.pool, baseline);
  const result = await judgeTraffic(context, judge);
  const weights = under.surroundings.balancer.observe(scope)?.weights ?? {};
  return { result, weight: weights[plan.services[0].candidate.pool] };
}

const failsOften = (request: number): SimulatedAnswer =>
  request % 10 === 0 ? { ...FINE, status: 500 } : FINE;
const isSlower = (): SimulatedAnswer => ({ ...FINE, latencyUs: 2_500 });
const isHardlySlower = (): SimulatedAnswer => ({ ...FINE, latencyUs: 1_900 });

test('a candidate that fails more often than the stable release loses its traffic', async () => {
  const { result, weight } = await judged(['errors'], failsOften);

  assert.ok(result.kind === 'failed');
  assert.equal(result.failure.code, 'gate-failed');
  assert.match(
    result.failure.message,
    /\d+ callers? in [\d,]+ answers of the candidate met a failure, 0 callers in/,
  );
  assert.deepEqual(result.judgement?.compared?.culprits, ['errors']);
  assert.equal(weight, 0);
});

test('one that is slower than the stable release, and no slower than a fresh pool of it, goes on', async () => {
  const { result, weight } = await judged(['latency'], isSlower, null, isSlower);

  assert.equal(result.kind, 'ok');
  assert.equal(weight, 50);
});

test('one that is slower than a fresh pool of the stable release loses its traffic', async () => {
  const { result, weight } = await judged(['latency'], isSlower, null, () => FINE);

  assert.deepEqual(result.kind === 'failed' && result.judgement?.compared?.culprits, ['latency']);
  assert.equal(weight, 0);
});

test('one that is not compared is judged by its limits alone', async () => {
  const { result, weight } = await judged([], failsOften);

  assert.equal(result.kind, 'ok');
  assert.equal(weight, 50);
});

test('one that is slower than the stable release loses its traffic', async () => {
  const { result } = await judged(['errors', 'latency'], isSlower);

  assert.deepEqual(result.kind === 'failed' && result.judgement?.compared?.culprits, ['latency']);
});

test('a step goes on with what the steps before it have found', async () => {
  const settings = defaultVerdictSettings({
    ...{ tickMs: 1_000, horizonTicks: 60 },
    families: ['errors'],
  });
  const warm = { state: initialVerdictState(settings), beforeSecond: -1, leftOut: 1_000 };
  const leftOut = async (before: Comparison | null) => {
    const { result } = await judged(['errors'], () => FINE, before);
    return result.kind === 'ok' ? result.evidence.comparison?.leftOut : null;
  };

  assert.equal(await leftOut(warm), 1_000);
  // Beginning anew, whole seconds are left out until each instance has warmed up.
  const [least, most] = [20, 40];
  const anew = (await leftOut(null)) ?? 0;
  assert.ok(anew >= least && anew <= most, `${anew}`);
});

test('a millisecond more or less is no difference, however large a part of the time it is', async () => {
  const { result } = await judged(['errors', 'latency'], isHardlySlower);

  assert.equal(result.kind, 'ok');
});

test('one that is compared and as good as the stable release passes, with the figures', async () => {
  const { result, weight } = await judged(['errors', 'latency'], () => FINE);

  assert.ok(result.kind === 'ok');
  assert.ok(JSON.stringify(result.evidence).includes('"isWorse":false'));
  assert.equal(weight, 50);
});
