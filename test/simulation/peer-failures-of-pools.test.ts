import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan, aPlanInput } from '../support/plan-builder.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { deployRequest } from './before-the-run.ts';
import { followRun, type FollowedRun, type Moment } from './follow-run.ts';
import { causeOf, endForGood, stepsOf, told, weightsOf } from './told.ts';

// Failures of others with pools that are small, bad or gone, as in the table of docs/reliability.md.

const plan = aSimulatedPlan();
const stable = plan.services[0].stable!;
const { candidate } = plan.services[0];

const isAt =
  (step: string) =>
  (now: Moment): boolean =>
    now.step === step;

/** At no moment somebody has traffic of which nothing serves. */
function alwaysServes({ moments }: FollowedRun): void {
  const dark = moments.filter(
    ({ weights, accepting }) =>
      (weights.stable > 0 && accepting.stable === 0) ||
      (weights.candidate > 0 && accepting.candidate === 0),
  );
  assert.deepEqual(dark, []);
}

test('weight-before-subset (Argo Rollouts 4612): a release that is not there in full gets no first share', async () => {
  for (const release of ['exits', 'never-accepts', 'fails-probes'] as const) {
    const run = await followRun(plan, { release });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted');
    assert.deepEqual(weightsOf(run), [0], release);
  }
  const places = [
    ['probe-candidate', 'store.recordOutcome'],
    ['probe-candidate', 'store.saveProgress'],
    ['shift-50', 'target.observe'],
  ] as const;
  for (const [step, call] of places) {
    const run = await followRun(plan, { faults: [{ fault: 'candidate-crashed', step, call }] });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted');
    assert.deepEqual(weightsOf(run), [0], `ended at ${call} of ${step}`);
  }
});

test('weight-before-subset (Argo Rollouts 4612): a candidate that became smaller gets no further share', async () => {
  const places = [
    ['shift-50', 'store.recordOutcome'],
    ['judge-50', 'balancer.samples'],
    ['judge-50', 'store.recordOutcome'],
    ['shift-100', 'target.observe'],
  ] as const;
  for (const [step, call] of places) {
    const run = await followRun(plan, { faults: [{ fault: 'candidate-crashed', step, call }] });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted');
    assert.equal(causeOf(run), 'instance-exited');
    assert.deepEqual(weightsOf(run), [0, 50, 0], `ended at ${call} of ${step}`);
  }
});

test('bad-stable (Argo Rollouts 1774): a bad stable pool ends in a terminal state, wherever it is found', async () => {
  const dies = (parts: FollowedRun['parts']): void => endForGood(parts, stable.pool, '1.0');
  const found = await followRun(plan, {
    interventions: [{ when: () => true, act: dies }],
  });
  assert.equal(found.status, 'reverted');
  assert.deepEqual(stepsOf(found), ['check-environment'], 'nothing was changed');
  assert.equal(causeOf(found), 'capacity-missing');

  const onTheWay = await followRun(plan, {
    interventions: [{ when: isAt('judge-50'), act: dies }],
  });
  assert.equal(onTheWay.status, 'promoted', 'what every gate has passed takes its place');

  const onTheWayBack = await followRun(plan, {
    release: 'errors-at-all-traffic',
    interventions: [{ when: isAt('judge-100'), act: dies }],
  });
  assert.equal(onTheWayBack.status, 'held');
  const [held] = told(onTheWayBack, 'DeploymentHeld');
  assert.match(held?.cause.failure.message ?? '', /production\.web\.1\.0 ended by itself/);
  assert.deepEqual(onTheWayBack.moments.at(-1)?.weights, { stable: 100, candidate: 0 });
  for (const run of [found, onTheWay, onTheWayBack]) {
    assert.ok(run.endedMs < 20_000);
    assert.equal(told(run, 'DeploymentEnded').length, 1);
  }
});

test('rollback-after-promotion (Flagger 1931, 1898): behind the point of no return nothing goes back', async () => {
  assert.equal(plan.pointOfNoReturn, 'retire-old');
  for (const step of ['retire-old', 'forget-old']) {
    const run = await followRun(plan, {
      faults: [{ fault: 'aborted', step, call: 'store.recordOutcome' }],
    });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'promoted');
    assert.equal(told(run, 'AbortRefused').length, 1);
    assert.deepEqual(told(run, 'RevertDecided'), []);
    assert.equal(run.moments.at(-1)?.accepting.candidate, candidate.instances);
    alwaysServes(run);
  }
});

test('rollback-after-promotion (Flagger 1931, 1898): the only healthy pool is never stopped', async () => {
  const run = await followRun(plan, {
    interventions: [
      { when: isAt('settle-split'), act: (parts) => endForGood(parts, candidate.pool, '2.0') },
    ],
  });

  assert.equal(run.status, 'reverted');
  assert.equal(causeOf(run), 'instance-exited');
  assert.ok(run.moments.every(({ accepting }) => accepting.stable === stable.instances));
  assert.deepEqual(run.moments.at(-1)?.weights, { stable: 100, candidate: 0 });
});

test('rollback-after-promotion (Flagger 1931, 1898): an old pool that somebody gave its traffic back is not stopped', async () => {
  const run = await followRun(plan, {
    faults: [{ fault: 'balancer-reloaded', step: 'retire-old', call: 'target.observe' }],
  });

  assert.deepEqual(run.violations, []);
  assert.equal(run.status, 'reverted');
  assert.equal(causeOf(run), 'split-differs');
  alwaysServes(run);
});

test('new-revision-mid-analysis (Flagger 30): the plan is pinned, and a new release waits', async () => {
  const next = aPlan({
    ...aPlanInput(),
    deployment: 3,
    release: { ...plan.services[0].release, version: '3.0' },
  });
  const asked: string[] = [];
  const ask = (which: typeof plan, key = '') => ({
    when: isAt('judge-50'),
    act: ({ store }: FollowedRun['parts']) => {
      const admission = store.admitDeployment({
        ...deployRequest(which),
        ...(key && { request: null }),
      });
      asked.push(admission.kind === 'busy' ? `busy with ${admission.running}` : admission.kind);
    },
  });
  const plain = await followRun(plan, {});

  const run = await followRun(plan, { interventions: [ask(next), ask(plan)] });

  assert.deepEqual(asked, ['busy with 2', 'repeated']);
  assert.equal(run.status, 'promoted');
  assert.deepEqual(run.audit, plain.audit, 'nothing of the deployment has changed');
  assert.deepEqual(weightsOf(run), [0, 50, 100]);
  const { store } = run.parts;
  assert.equal(store.admitted(), 2);
  assert.equal(store.admitDeployment(deployRequest(next)).kind, 'admitted', 'its turn has come');
});

test('weights-lost-on-reload (HAProxy 2085, 199, 409): weights that somebody resets are read back, and no gate passes on them', async () => {
  const plain = await followRun(plan, {});
  const first = plain.calls.findIndex(({ step }) => step === 'judge-50');
  const last = plain.calls.findIndex(({ step }) => step === 'settle-split');
  for (let at = first; at < last; at += 1) {
    const run = await followRun(plan, { faults: [{ fault: 'balancer-reloaded', at }] });

    assert.deepEqual(run.violations, []);
    assert.equal(run.status, 'reverted', `reset at call ${at}`);
    const shares = weightsOf(run);
    assert.deepEqual(shares, shares[2] === 100 ? [0, 50, 100, 0] : [0, 50, 0]);
    const passed = told(run, 'CommandSucceeded').filter(({ step }) => step.startsWith('judge-'));
    for (const { step, evidence } of passed) {
      const { findings = [] } = evidence.judgement ?? {};
      const samples = findings.find(({ metric }) => metric === 'samples')?.observed ?? 0;
      assert.ok(samples >= 4, `${step} passed on ${samples} samples after a reset at ${at}`);
    }
  }
  const reset = await followRun(plan, {
    faults: [{ fault: 'balancer-reloaded', step: 'judge-50', call: 'balancer.observe', after: 1 }],
  });
  assert.equal(reset.status, 'reverted');
  assert.equal(causeOf(reset), 'gate-failed');
  assert.deepEqual(weightsOf(reset), [0, 50, 0], 'it had no second share');
  const restarted = await followRun(plan, {
    faults: [
      { fault: 'candidate-crashed', step: 'confirm-candidate', call: 'store.saveProgress' },
      { fault: 'balancer-reloaded', step: 'settle-split', call: 'balancer.apply' },
    ],
  });
  assert.deepEqual(restarted.violations, []);
  assert.equal(causeOf(restarted), 'token-fenced');
  assert.deepEqual(weightsOf(restarted), [0, 50, 100, 0], 'no share comes back unjudged');
});
