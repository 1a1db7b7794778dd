import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../support/fails-with.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun, type FollowedRun, type Moment, type PlacedFault } from './follow-run.ts';
import { causeOf, from, isZeroed, stepsOf, strike, told, weightsOf } from './told.ts';

// Failures of others on the way back, as in the table of docs/reliability.md.

const plan = aSimulatedPlan();
const revert = plan.revert.map(({ id }) => id);
const forward = plan.steps.map(({ id }) => id);
/** From the first share of the candidate to the last step that an abort takes back. */
const leased = forward.slice(forward.indexOf('shift-50'), forward.indexOf('settle-split'));
const changing = forward.slice(forward.indexOf('drill-revert'), forward.indexOf('settle-split'));

/** The last call but one of a step: what the step was for has happened. */
const abortAt = (step: string): PlacedFault => ({
  fault: 'aborted',
  step,
  call: 'store.recordOutcome',
});

const isJudging = (now: Moment): boolean => now.step === 'judge-50' && now.weights.candidate > 0;

function wentBack(run: FollowedRun): void {
  assert.equal(run.status, 'reverted');
  assert.deepEqual(run.moments.at(-1)?.weights, { stable: 100, candidate: 0 });
  const steps = stepsOf(run);
  assert.deepEqual(steps.slice(steps.indexOf('zero-candidate')), revert);
}

test('abort-leaves-weight (Argo Rollouts 4841): after an abort the candidate has no weight, for ever', async () => {
  const lateShift = { fault: 'duplicated', step: 'shift-50', call: 'balancer.apply' } as const;
  for (const step of leased) {
    const run = await followRun(plan, { faults: [lateShift, abortAt(step)] });

    assert.deepEqual(run.violations, [], step);
    wentBack(run);
    assert.equal(causeOf(run), 'aborted');
    assert.ok(from(run, isZeroed).every(({ weights }) => weights.candidate === 0));
    const { time, surroundings } = run.parts;
    assert.ok(time.nowMs() > run.endedMs + 15_000, 'the late shift has come behind the end');
    const { routing } = surroundings;
    const former = routing.observe(plan.services[0].scope)?.routing;
    assert.ok(former);
    assert.throws(
      () => routing.apply(former, { deployment: plan.deployment, sequence: 999_999 }),
      failsWith('token-fenced'),
    );
    routing.advance(30 * 86_400_000);
    assert.deepEqual(routing.observe(plan.services[0].scope)?.weights, {
      [plan.services[0].stable?.pool ?? '']: 100,
    });
  }
});

test('abort-circular-wait (Argo Rollouts 4900): weight 0 waits for no pool, no instance and no answer', async () => {
  let abortedMs = 0;
  const abort = strike('aborted');
  for (const trouble of [
    'target-away',
    'target-mute',
    'candidate-crashed',
    'clients-silent',
  ] as const) {
    const run = await followRun(plan, {
      interventions: [
        { when: isJudging, act: strike(trouble) },
        {
          when: isJudging,
          act(parts) {
            abortedMs = parts.time.nowMs();
            abort(parts);
          },
        },
      ],
    });

    wentBack(run);
    const [zero] = from(run, isZeroed);
    assert.ok(zero && zero.atMs - abortedMs <= 20, `${trouble}: ${zero?.atMs} after ${abortedMs}`);
    assert.equal(zero.step, 'judge-50', 'before the revert has its first step');
  }
});

test('abort-circular-wait (Argo Rollouts 4900): weight 0 waits for no database and no disk', async () => {
  for (const trouble of ['database-away', 'volume-full'] as const) {
    const run = await followRun(plan, {
      release: 'errors',
      faults: [{ fault: trouble, step: 'judge-50', call: 'balancer.observe' }],
    });

    assert.deepEqual(run.violations, []);
    wentBack(run);
    const [zero] = from(run, ({ step, weights }) => step === 'judge-50' && weights.candidate === 0);
    const [decided] = told(run, 'RevertDecided');
    assert.ok(zero && decided);
    assert.ok(
      decided.atMs - zero.atMs > 2_000,
      'recorded when the database is back, and not before',
    );
    const [shifted] = from(run, ({ weights }) => weights.candidate > 0);
    assert.ok(shifted && zero.atMs - shifted.atMs < 500, 'gone with the first looks');
  }
});

test('restart-of-aborted (Argo Rollouts 1665): whoever takes an aborted deployment up sends no traffic to it', async () => {
  const aborted = abortAt('judge-50');
  const ending = revert.slice(0, revert.indexOf('verify-state'));
  const plain = await followRun(plan, { faults: [aborted] });
  const back = plain.calls.flatMap(({ step }, at) => (ending.includes(step) ? [at] : []));
  for (const at of back) {
    for (const fault of ['killed-again', 'requested-again'] as const) {
      const run = await followRun(plan, { faults: [aborted, { fault, at }] });

      assert.deepEqual(run.violations, [], `${fault} at ${at}`);
      wentBack(run);
      assert.ok(from(run, isZeroed).every(({ weights }) => weights.candidate === 0));
      const stopped = from(
        run,
        ({ accepting, step }) => step === 'stop-candidate' && accepting.candidate === 0,
      );
      assert.ok(stopped.every(({ accepting }) => accepting.candidate === 0));
    }
  }
});

test('revert-into-small-pool (Argo Rollouts 3888, Flagger 869): the stable pool is at full size until the point of no return', async () => {
  const full = plan.services[0].stable?.instances;
  const good = await followRun(plan, {});
  const before = good.moments.filter(({ step }) => !['retire-old', 'forget-old'].includes(step));
  assert.ok(before.every(({ accepting }) => accepting.stable === full));
  for (const step of changing) {
    const run = await followRun(plan, { faults: [abortAt(step)] });

    wentBack(run);
    assert.ok(
      run.moments.every(({ accepting }) => accepting.stable === full),
      step,
    );
    const { pools } = run.parts.surroundings.pools;
    const launched = pools
      .get(plan.services[0].stable!.pool)
      ?.instances.map((each) => each.launchedUnder);
    assert.deepEqual(
      launched,
      Array(full).fill({ deployment: 1, sequence: 1 }),
      'none was started',
    );
  }
});

test('revert-through-canary (Nomad 10882): the way back is one step, whatever the share is', async () => {
  for (const [release, weights] of [
    ['errors', [0, 50, 0]],
    ['slow', [0, 50, 0]],
    ['errors-at-all-traffic', [0, 50, 100, 0]],
  ] as const) {
    const run = await followRun(plan, { release });

    assert.deepEqual(run.violations, []);
    wentBack(run);
    assert.deepEqual(weightsOf(run), weights);
    const { decisionToZeroMs } = told(run, 'DeploymentEnded')[0]?.summary ?? {};
    assert.ok(typeof decisionToZeroMs === 'number' && decisionToZeroMs <= 10);
    // Whoever took it away, the controller or the balancer itself.
    const [decided] = told(run, 'RevertDecided');
    const then = run.moments.findLast(({ atMs }) => decided && atMs <= decided.atMs);
    const weight = then?.weights.candidate;
    assert.equal(weight, 0, 'nothing is recorded before');
  }
});

test('stuck-undo (omicron): every step back does what it says, from everywhere, and twice', async () => {
  const worldOf = ({ parts, moments }: FollowedRun): unknown => {
    const { pools, routing } = parts.surroundings;
    const { stable, candidate } = plan.services[0];
    return {
      weights: moments.at(-1)?.weights,
      routed: routing
        .observe(plan.services[0].scope)
        ?.routing.pools.map(({ pool, weight }) => [pool, weight]),
      stable: pools.pools.get(stable!.pool)?.instances.map(({ state }) => state),
      candidate: pools.pools.get(candidate.pool)?.instances.map(({ state }) => state) ?? [],
    };
  };
  const before = {
    weights: { stable: 100, candidate: 0 },
    routed: [[plan.services[0].stable?.pool, 100]],
    stable: ['accepting', 'accepting'],
  };
  for (const step of changing) {
    const run = await followRun(plan, { faults: [abortAt(step)] });

    const candidate = step === 'drill-revert' ? [] : ['exited', 'exited'];
    assert.deepEqual(worldOf(run), { ...before, candidate }, step);
    assert.deepEqual(told(run, 'CommandFailed'), [], 'no step back needs a second try');
  }
  for (const step of revert) {
    const again = { fault: 'killed-after', step, call: 'store.recordOutcome' } as const;
    const run = await followRun(plan, { faults: [abortAt('judge-50'), again] });

    assert.deepEqual(run.violations, [], step);
    assert.deepEqual(worldOf(run), { ...before, candidate: ['exited', 'exited'] }, step);
  }
});
