import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aLoadTarget, startLoadedService } from '../../test/support/load-target.ts';
import { kneeOf } from '../core/load/knee.ts';
import { systemClock } from '../platform/clock.ts';
import { runStress, type StressRun, type StressStepResult } from './run-stress.ts';

function aStress(url: URL, changes: Partial<StressRun> = {}): StressRun {
  return {
    ...{ target: aLoadTarget(url), range: { from: 40, step: 40, to: 120 } },
    ...{ form: 'constant', seed: 1, stepDurationMs: 500, recoverWithinMs: 10_000 },
    limits: { latency: { quantile: 'p95', maxMs: 5_000 }, errorRateMax: 0.01 },
    ...{ clock: systemClock, signal: new AbortController().signal, onStep: () => undefined },
    ...changes,
  };
}

test('the load is raised until a step is not borne, and the recovery is seen', async (t) => {
  let count = 0;
  const service = await startLoadedService(t, (_request, response) => {
    count += 1;
    // All of the second step, which has requests 21 to 60.
    response.writeHead(count > 20 && count <= 60 ? 503 : 200).end();
  });
  const told: StressStepResult[] = [];

  const outcome = await runStress(aStress(service.url, { onStep: (step) => told.push(step) }));

  const { steps, recoveryMs, isComplete, ...knee } = outcome;
  assert.ok(isComplete);
  assert.deepEqual(
    steps.map(({ askedPerSecond }) => askedPerSecond),
    [40, 80].slice(0, steps.length),
  );
  assert.deepEqual(told, steps);
  assert.notEqual(steps.at(-1)?.broken ?? null, null);
  assert.deepEqual(
    knee,
    kneeOf(steps.map((step) => ({ ...step, ratePerSecond: step.askedPerSecond }))),
  );
  assert.notEqual(recoveryMs, null);
  // Two windows of half a second at the rate of the beginning, at least.
  assert.ok(service.requests() >= 20 + (steps[1]?.requests ?? 0) + 40);
});

test('a target that stays broken does not recover, and is left alone in time', async (t) => {
  let count = 0;
  const service = await startLoadedService(t, (_request, response) => {
    count += 1;
    response.writeHead(count > 20 ? 503 : 200).end();
  });

  const outcome = await runStress(aStress(service.url, { recoverWithinMs: 100 }));

  assert.equal(outcome.recoveryMs, null);
  assert.ok(outcome.isComplete);
});

test('a target that hangs is not waited for longer than it takes to know it', async (t) => {
  const service = await startLoadedService(t, () => undefined);

  const { steps, capacityPerSecond, recoveryMs } = await runStress(
    aStress(service.url, {
      target: aLoadTarget(service.url, { timeoutMs: 1_500 }),
      limits: { latency: { quantile: 'p95', maxMs: 50 }, errorRateMax: 0.01 },
      recoverWithinMs: 100,
    }),
  );

  assert.deepEqual([capacityPerSecond, recoveryMs], [0, null]);
  // What had no answer yet when it was judged has failed in the end.
  assert.deepEqual(
    steps.map(({ requests, failed }) => [requests, failed]),
    [[20, 20]],
  );
});

test('a stress test that is stopped says that it is not whole', async (t) => {
  const stop = new AbortController();
  const service = await startLoadedService(t, (_request, response) => {
    response.end();
    stop.abort();
  });

  const { steps, isComplete } = await runStress(aStress(service.url, { signal: stop.signal }));

  assert.deepEqual([steps.length, isComplete], [0, false]);
});
