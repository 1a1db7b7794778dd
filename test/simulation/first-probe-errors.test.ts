import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../support/fails-with.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun } from './follow-run.ts';
import { from, told, weightsOf } from './told.ts';

// Errors that the first design of the protocol had, as in the table of docs/reliability.md.

const plan = aSimulatedPlan();
const LATE_MS = 20_000;

test('late-weight-after-100: a late or doubled share does not land on a later one', async () => {
  for (const fault of ['late', 'duplicated'] as const) {
    for (const step of ['shift-50', 'shift-100', 'settle-split']) {
      const run = await followRun(plan, { faults: [{ fault, step, call: 'balancer.apply' }] });

      assert.deepEqual(run.violations, []);
      assert.equal(run.status, 'promoted');
      assert.deepEqual(weightsOf(run), [0, 50, 100], `${step} ${fault}`);
      assert.ok(run.parts.time.nowMs() > LATE_MS, 'it has come');
    }
  }
});

test('late-weight-after-100: within a deployment, too, a token is older than the next step’s', async () => {
  let isRefused = false;
  const run = await followRun(plan, {
    interventions: [
      {
        when: ({ weights }) => weights.candidate === 100,
        act({ surroundings: { routing } }) {
          const now = routing.observe(plan.services[0].scope);
          assert.ok(now);
          const [stable, candidate] = now.routing.pools;
          assert.ok(stable && candidate);
          const pools = [
            { ...stable, weight: 95 },
            { ...candidate, weight: 5 },
          ];
          const token = { ...now.token, sequence: now.token.sequence - 1 };
          assert.throws(
            () => routing.apply({ ...now.routing, pools }, token),
            failsWith('token-fenced'),
          );
          isRefused = true;
        },
      },
    ],
  });

  assert.ok(isRefused);
  assert.deepEqual(weightsOf(run), [0, 50, 100]);
});

test('lost-end: a crash after the last record keeps the end, and tells it once', async () => {
  const ends = ['store.recordOutcome', 'balancer.samples', 'store.endDeployment'];
  for (const release of ['good', 'errors'] as const) {
    const last = release === 'good' ? 'forget-old' : 'verify-state';
    const outcome = release === 'good' ? 'DeploymentPromoted' : 'DeploymentReverted';
    for (const call of ends) {
      for (const fault of ['killed-before', 'killed-after', 'power-lost'] as const) {
        const run = await followRun(plan, { release, faults: [{ fault, step: last, call }] });

        assert.deepEqual(run.violations, [], `${fault} at ${call}`);
        assert.equal(told(run, outcome).length, 1);
        const [end, ...more] = told(run, 'DeploymentEnded');
        assert.deepEqual([end?.outcome, more.length], [run.status, 0]);
        assert.equal(end?.summary.outcome, run.status);
        assert.ok(release === 'good' || end.summary.cause, 'why it was taken back is kept');
      }
    }
  }
});

test('pass-after-foreign-reload: a gate whose weights were reset by somebody else does not pass', async () => {
  for (const step of ['judge-50', 'judge-100', 'confirm-100'] as const) {
    const run = await followRun(plan, {
      faults: [{ fault: 'balancer-reloaded', step, call: 'balancer.observe' }],
    });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted');
    assert.deepEqual(
      told(run, 'CommandSucceeded').filter((body) => body.step === step),
      [],
    );
  }
});

test('late-start-after-stop: a start that comes behind the stop brings no instance back', async () => {
  for (const fault of ['late', 'duplicated'] as const) {
    const run = await followRun(plan, {
      release: 'errors',
      faults: [{ fault, step: 'start-candidate', call: 'target.ensure' }],
    });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted');
    assert.ok(
      run.parts.time.nowMs() > LATE_MS && run.endedMs < LATE_MS,
      'it has come behind the end',
    );
    const gone = from(run, (now) => now.step === 'stop-candidate' && now.accepting.candidate === 0);
    assert.ok(gone.every(({ accepting }) => accepting.candidate === 0));
    const { pools } = run.parts.surroundings;
    assert.equal(pools.pools.get(plan.services[0].candidate.pool)?.desired, 'stopped');
    assert.equal(pools.nextPid, 1_004, 'two of each release were started, and none after them');
  }
});
