import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionUnderTest } from '../../../test/support/engine/an-action-context.ts';
import { scope } from '../../../test/support/engine/simulated-surroundings.ts';
import { aMirrorPolicy, aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { SimulatedAnswer } from '../../drivers/balancer/simulated/simulated-answer.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { applySplit, isSplitInForce } from './apply-split.ts';
import { judgeMirror } from './judge-mirror.ts';

const FINE: SimulatedAnswer = { kind: 'answer', status: 200, latencyUs: 1_000 };

/** A tenth of a second passes from look to look, in which `perLook` clients have asked. */
async function mirrored(
  options: { readonly perLook?: number; readonly looksMax?: number } = {},
  answer: (request: number) => SimulatedAnswer = () => FINE,
) {
  const { perLook = 10, looksMax = 50 } = options;
  let nowMs = 0;
  let looks = 0;
  const end = new AbortController();
  const clock: Clock = {
    ...systemClock,
    monotonicNs: () => BigInt(nowMs) * 1_000_000n,
    sleep() {
      nowMs += 100;
      looks += 1;
      if (looks >= looksMax) end.abort();
      return Promise.resolve();
    },
  };
  const under = actionUnderTest(10_000, clock);
  under.surroundings.requestsPerLook = perLook;
  const plan = aPlan({
    probes: under.context.plan.services[0].probes,
    rollout: aRolloutPolicy({ mirror: aMirrorPolicy() }),
  });
  const [shift, judge] = ['mirror-traffic', 'judge-mirror'].map(
    (id) => plan.steps.find((step) => step.id === id)?.action,
  );
  assert.ok(
    shift?.kind === 'apply-split' && judge?.kind === 'judge-mirror' && plan.services[0].stable,
  );
  const token = { deployment: 2, sequence: 4 };
  const lease = { scope, token, ttlMs: 10_000 };
  const before = { ...under.context, plan, signal: end.signal };
  await under.run(plan.services[0].stable);
  await under.run(plan.services[0].candidate);
  under.surroundings.balancer.behave(plan.services[0].candidate.pool, answer);
  const applied = await applySplit({ ...before, command: { ...before.command, token } }, shift);
  const context = { ...before, lease, command: { ...before.command, leases: [lease] } };
  return { ...under, plan, context, applied, shift, judge, token };
}

test('a candidate that answers copies well passes, with the figures, and no client has met it', async () => {
  const { context, judge, surroundings, plan, applied } = await mirrored();

  const result = await judgeMirror(context, judge);

  assert.ok(applied.kind === 'ok' && applied.evidence.summary.includes('100 % copied'));
  assert.ok(result.kind === 'ok');
  assert.match(result.evidence.summary, /^Of 100 mirrored requests none was answered differently/);
  assert.equal(result.evidence.judgement?.mirrored?.compared, 100);
  const { samples } = surroundings.balancer.report(scope, 0);
  assert.ok(samples.every(({ pool }) => pool !== plan.services[0].candidate.pool));
});

test('one that answers copies badly loses its mirror at once', async () => {
  const { context, judge, surroundings } = await mirrored({}, () => ({ ...FINE, status: 404 }));

  const result = await judgeMirror(context, judge);

  assert.ok(result.kind === 'failed');
  assert.equal(result.failure.code, 'gate-failed');
  assert.match(result.failure.message, /status 404 for 200 on GET \//);
  const observed = surroundings.balancer.observe(scope);
  assert.equal(observed?.routing.lease, null);
  assert.equal(surroundings.balancer.report(scope, 0).mirror, undefined);
});

test('no requests to copy are inconclusive, and take the mirror away', async () => {
  const { context, judge, surroundings } = await mirrored({ perLook: 0 });

  const result = await judgeMirror(context, judge);

  assert.equal(result.kind === 'failed' && result.failure.code, 'gate-inconclusive');
  assert.equal(surroundings.balancer.observe(scope)?.routing.lease, null);
});

test('a lease that has lapsed is told as what it is', async () => {
  const { context, judge, surroundings } = await mirrored({ perLook: 0 });
  surroundings.balancer.advance(10_001);

  const result = await judgeMirror(context, judge);

  assert.equal(result.kind === 'failed' && result.failure.code, 'lease-lost');
});

test('a mirror is in force only as it was written, and not once its lease has ended', async () => {
  const { context, shift, surroundings, token, applied } = await mirrored();
  assert.equal(applied.kind, 'ok');
  assert.equal(await isSplitInForce(context, shift.split, token), true);
  const { lease } = shift.split;
  assert.ok(lease?.mirror);
  const other = { ...shift.split, lease: { ...lease, mirror: { ...lease.mirror, percent: 5 } } };
  assert.equal(await isSplitInForce(context, other, token), false);

  surroundings.balancer.advance(10_001);

  assert.equal(await isSplitInForce(context, shift.split, token), false);
});
