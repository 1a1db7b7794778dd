import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Freeze } from '../../src/core/deployment/freeze.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { followRun, type FollowedRun, type Intervention } from './follow-run.ts';
import { beginFreeze, liftFreeze } from './freeze-place.ts';
import { causeOf, strike } from './told.ts';

const plan = aSimulatedPlan();
const steps = plan.steps.map(({ id }) => id);
const beforeReturn = steps.slice(0, steps.indexOf('retire-old'));
const LASTS_MS = 20_000;

/** Freezes the environment once a step is on record, and lifts it some time after. */
function freezing(step: string) {
  let freeze: Freeze | undefined;
  let [fromMs, toMs] = [Infinity, Infinity];
  const begin: Intervention = {
    when: (now) => now.step === step,
    act(parts) {
      fromMs = parts.time.nowMs();
      freeze = beginFreeze(parts);
      parts.time.after(LASTS_MS, () => undefined);
    },
  };
  const end: Intervention = {
    when: (now) => now.atMs >= fromMs + LASTS_MS,
    act(parts) {
      toMs = parts.time.nowMs();
      if (freeze) liftFreeze(parts, freeze);
    },
  };
  /** While it was frozen; what was on its way before may still arrive in the first moments. */
  const during = (run: FollowedRun) =>
    run.moments.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return { begin, end, during };
}

/** The greatest share of the commands that were on record when it was frozen. */
function shareBy(step: string): number {
  const shares = plan.steps.slice(0, steps.indexOf(step) + 1).map(({ action }) => {
    const split = action.kind === 'apply-split' ? action.split : null;
    return split?.weights.find(({ pool }) => pool === plan.services[0].candidate.pool)?.weight ?? 0;
  });
  return Math.max(...shares);
}

test('whenever a freeze comes, no share grows until it is lifted, and then all goes on', async () => {
  for (const step of beforeReturn) {
    const { begin, end, during } = freezing(step);

    const run = await followRun(plan, { interventions: [begin, end] });

    assert.equal(run.status, 'promoted', step);
    const shares = during(run).map(({ weights }) => weights.candidate);
    assert.ok(Math.max(0, ...shares) <= shareBy(step), `${step}: ${shares.join()}`);
    const withheld = run.audit.filter(({ body }) => body.kind === 'CommandWithheld');
    // The step at hand may be the last before the point of no return.
    assert.equal(withheld.length, step === 'settle-split' ? 0 : 1, step);
    assert.ok(run.endedMs >= LASTS_MS || step === 'settle-split', step);
  }
});

test('an abort in a freeze takes all traffic away, wherever the freeze came', async () => {
  for (const step of ['start-candidate', 'shift-50', 'judge-50', 'judge-100']) {
    const { begin } = freezing(step);
    const abort: Intervention = { when: ({ step: at }) => at === 'freeze', act: strike('aborted') };

    const run = await followRun(plan, { interventions: [begin, abort] });

    assert.equal(run.status, 'reverted', step);
    assert.equal(causeOf(run), 'aborted');
    assert.deepEqual(run.moments.at(-1)?.weights, { stable: 100, candidate: 0 });
    assert.ok(run.endedMs < LASTS_MS, 'it waits for nothing');
  }
});
