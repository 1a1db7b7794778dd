import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan } from '../support/plan-builder.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun, type FollowedRun } from './follow-run.ts';
import { causeOf, from, isZeroed, stepsOf, told, weightsOf } from './told.ts';

// Failures of others in waiting, in counting and in being the only one, as in docs/reliability.md.

const plan = aSimulatedPlan();
const allSteps = [...plan.steps, ...plan.revert];
const judgeMs = allSteps.find(({ id }) => id === 'judge-50')?.deadlineMs ?? NaN;

const timesSent = (run: FollowedRun, step: string): number =>
  told(run, 'CommandIssued').filter((command) => command.step === step).length;

test('deadline-loop (Flagger 1591, 379): a passed deadline reverts, once and for good', async () => {
  const silent = {
    fault: 'clients-silent',
    step: 'judge-50',
    call: 'balancer.observe',
  } as const;
  const run = await followRun(plan, { faults: [silent] });

  assert.deepEqual(run.violations, []);
  assert.equal(run.status, 'reverted');
  assert.equal(causeOf(run), 'gate-inconclusive');
  assert.deepEqual([timesSent(run, 'judge-50'), timesSent(run, 'zero-candidate')], [1, 1]);
  assert.equal(told(run, 'RevertDecided').length, 1);
  const [began] = from(run, ({ step }) => step === 'judge-50');
  const [zero] = from(run, isZeroed);
  assert.ok(began && zero);
  assert.ok(zero.atMs - began.atMs >= judgeMs && zero.atMs - began.atMs < judgeMs + 500);

  const killed = { fault: 'killed-again', step: 'judge-50', call: 'balancer.samples' } as const;
  for (const seed of [1, 2, 3, 4]) {
    const restarted = await followRun(plan, {
      seed,
      faults: [killed],
      interventions: [
        {
          when: ({ step }) => step === 'judge-50',
          act: ({ weather }) => weather.begin('clients-silent', 120_000),
        },
      ],
    });

    assert.equal(restarted.status, 'reverted');
    assert.ok(
      restarted.endedMs < 2 * judgeMs + 15_000,
      'a deadline begins anew with a restart only',
    );
  }
});

test('deadline-never-fires (Nomad 10465, 20308): every wait has an end, whatever never answers', async () => {
  for (const { id, deadlineMs, attemptsMax } of allSteps) {
    assert.ok(deadlineMs > 0 && deadlineMs <= 400_000, `${id} ends after ${deadlineMs} ms`);
    assert.ok(attemptsMax >= 1 && attemptsMax <= 120, `${id} is tried ${attemptsMax} times`);
  }
  const plain = await followRun(plan, {});
  const longestMs = Math.max(...allSteps.map(({ deadlineMs }) => deadlineMs));
  const ended = plain.calls.length - 1;
  for (let at = 0; at < ended; at += 1) {
    const run = await followRun(plan, { faults: [{ fault: 'hangs', at }] });

    assert.deepEqual(run.violations, []);
    assert.ok(['promoted', 'reverted'].includes(run.status), `${run.status} after call ${at} hung`);
    assert.ok(run.endedMs < longestMs + 60_000, `call ${at} was waited for until ${run.endedMs}`);
  }
});

test('dead-controller-70-min (CodeDeploy agent 356): without a controller the traffic is back within a lease', async () => {
  const slow = aPlan();
  const leaseMs = 10_000;
  let killedMs = 0;
  const run = await followRun(slow, {
    interventions: [
      {
        when: ({ step, weights }) => step === 'judge-10' && weights.candidate === 10,
        act({ time, processes, startController }) {
          killedMs = time.nowMs();
          for (const process of processes) process.kill();
          for (let ms = 0; ms <= 2 * leaseMs; ms += 10) time.after(ms, () => undefined);
          time.after(70 * 60_000, startController);
        },
      },
    ],
  });

  assert.equal(slow.services[0].rollout.leaseTtlMs, leaseMs);
  const [back] = from(run, ({ atMs, weights }) => atMs > killedMs && weights.candidate === 0);
  assert.ok(back && back.atMs <= killedMs + leaseMs + 10, `${back?.atMs} after ${killedMs}`);
  assert.equal(back.weights.stable, 100);
  assert.deepEqual(weightsOf(run), [0, 10, 0], 'and whoever comes back leaves it there');
  assert.equal(run.status, 'reverted');
  assert.equal(causeOf(run), 'lease-lost');
  assert.ok(run.endedMs > killedMs + 70 * 60_000 && run.endedMs < killedMs + 71 * 60_000);
});

test('hook-never-ran (floci 3563): a check that was not made is not passed', async () => {
  for (const step of ['probe-candidate', 'confirm-candidate', 'verify-service']) {
    for (const fault of ['hangs', 'request-lost', 'killed-before', 'killed-after'] as const) {
      const run = await followRun(plan, { faults: [{ fault, step, call: 'probe.run' }] });

      assert.deepEqual(run.violations, []);
      const passed = told(run, 'CommandSucceeded').filter((body) => body.step === step);
      const made = run.calls.filter((call) => call.step === step && call.name === 'probe.run');
      const needed = step === 'verify-service' ? 1 : plan.services[0].candidate.instances;
      if (passed.length > 0) assert.ok(made.length > needed, `${fault}: ${made.length} in ${step}`);
      // A controller that is killed may be back too late for the lease, whatever has passed.
      if (run.status === 'promoted' || !fault.startsWith('killed')) {
        assert.equal(run.status === 'promoted', passed.length > 0, `${fault} in ${step}`);
      }
      if (fault === 'hangs') assert.equal(run.status, 'reverted');
    }
  }
  const mute = await followRun(plan, { release: 'fails-probes' });
  assert.equal(mute.status, 'reverted');
  assert.equal(causeOf(mute), 'probe-failed');
  assert.deepEqual(weightsOf(mute), [0]);
});

test('no-data-is-pass (Flagger 1098, Spinnaker 5622, Kayenta 377): without data no gate passes', async () => {
  for (const [step, shares] of [
    ['judge-50', [0, 50, 0]],
    ['judge-100', [0, 50, 100, 0]],
  ] as const) {
    const faults = [{ fault: 'clients-silent', step, call: 'balancer.observe' }] as const;
    const run = await followRun(plan, { faults });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted');
    assert.equal(causeOf(run), 'gate-inconclusive');
    assert.equal(stepsOf(run)[stepsOf(run).indexOf(step) + 1], 'zero-candidate');
    assert.deepEqual(weightsOf(run), shares);
  }
  const stale = await followRun(plan, {
    faults: [{ fault: 'samples-stale', step: 'judge-50', call: 'balancer.observe' }],
  });
  assert.equal(stale.status, 'reverted');
  assert.equal(causeOf(stale), 'gate-inconclusive');
  assert.deepEqual(weightsOf(stale), [0, 50, 0]);
});

test('unreplayable-state (PGlite 327, 994, decocms 2710): a deployment is taken up after a kill at every call', async () => {
  const plain = await followRun(plan, {});
  const end = plain.calls.findIndex(({ name }) => name === 'store.endDeployment');
  for (let at = 0; at <= end; at += 1) {
    const run = await followRun(plan, { faults: [{ fault: 'power-lost', at }] });

    assert.deepEqual(run.violations, []);
    assert.ok(['promoted', 'reverted'].includes(run.status));
    const passed = told(run, 'StepPassed').map(({ step }) => step);
    assert.deepEqual(passed, [...new Set(passed)], `call ${at}: no step is recorded twice`);
  }
});

test('stolen-heartbeat-lock (gbrain 2400): who was frozen while another took over writes nothing any more', async () => {
  const standby = { fault: 'second-controller', step: 'check-environment' } as const;
  const plain = await followRun(plan, { faults: [standby] });
  const first = plain.calls.findIndex(({ step }) => step === 'shift-50');
  const end = plain.calls.findIndex(({ name }) => name === 'store.endDeployment');
  for (let at = first; at <= end; at += 1) {
    const run = await followRun(plan, { faults: [standby, { fault: 'frozen', at }] });

    assert.deepEqual(run.violations, [], `frozen at ${at}`);
    assert.equal(told(run, 'DeploymentEnded').length, 1);
    const tokens = run.moments.map(({ token }) => token.deployment * 1e7 + token.sequence);
    assert.deepEqual(
      tokens,
      tokens.toSorted((left, right) => left - right),
      'no token falls',
    );
    const sent = told(run, 'CommandIssued').filter(({ purpose }) => purpose === 'act');
    const keys = sent.map(({ step, attempt, token }) => `${step} ${attempt} ${token.sequence}`);
    assert.deepEqual(keys, [...new Set(keys)]);
    const last = run.moments.at(-1);
    const serving = run.status === 'promoted' ? [0, 100] : [100, 0];
    assert.deepEqual([last?.weights.stable, last?.weights.candidate], serving);
    assert.ok(run.parts.time.nowMs() > run.endedMs, 'whoever was frozen has gone on');
  }
});

test('stolen-heartbeat-lock (gbrain 2400): who lost its session while it worked takes nothing from who goes on', async () => {
  const standby = {
    fault: 'second-controller',
    step: 'probe-candidate',
    call: 'target.observe',
  } as const;
  let takenOver = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    for (const call of ['store.findReleaseEnvironment', 'target.ensure']) {
      const lost = { fault: 'database-restarted', step: 'settle-candidate', call } as const;
      const run = await followRun(plan, { seed, faults: [standby, lost] });

      assert.deepEqual(run.violations, [], `seed ${seed}, lost at ${call}`);
      assert.equal(told(run, 'DeploymentEnded').length, 1);
      const last = run.moments.at(-1);
      const serving = run.status === 'promoted' ? [0, 100] : [100, 0];
      assert.deepEqual([last?.weights.stable, last?.weights.candidate], serving);
      // Once to start the candidate, and for its restarts by each of the two.
      const ensured = run.calls.filter(({ name }) => name === 'target.ensure').length;
      if (run.status === 'promoted' && ensured > 2) takenOver += 1;
    }
  }
  assert.ok(takenOver > 0, 'another has promoted what it took over');
});

test('pause-never-tested (Kubernetes PR 102730): a scenario whose fault did not strike fails', async () => {
  const nothing = /struck nothing/;
  await assert.rejects(followRun(plan, { faults: [{ fault: 'hangs', at: 1_000_000 }] }), nothing);
  await assert.rejects(
    followRun(plan, { faults: [{ fault: 'candidate-crashed', step: 'check-environment' }] }),
    nothing,
  );
  await assert.rejects(
    followRun(plan, { faults: [{ fault: 'aborted', step: 'zero-candidate' }] }),
    /There is no call/,
  );
  await assert.rejects(
    followRun(plan, { interventions: [{ when: () => false, act: () => undefined }] }),
    /never came/,
  );
});
