import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aSample, candidatePool, stablePool } from '../../../test/support/core/traffic-builder.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import { exposureOf } from './deployment-summary.ts';

const leased = { deployment: 2, sequence: 5 };
const of = {
  candidate: candidatePool,
  deployment: 2,
  sinceSecond: 100,
  leasedSequences: [5],
};

function exposed(samples: readonly TrafficSample[]) {
  return exposureOf({ sinceSecond: 90, samples }, of);
}

function ofStable(changes: Partial<TrafficSample>): TrafficSample {
  return aSample({ pool: stablePool, ...changes });
}

test('exposed are the requests that the candidate answered under a lease, and no others', () => {
  const samples = [
    aSample({ requests: 10, serverErrors: 2, timeouts: 1, rescued: 2, clientErrors: 1 }),
    aSample({ requests: 40, token: { deployment: 2, sequence: 9 } }),
    aSample({ requests: 80, token: { deployment: 1, sequence: 5 } }),
    ofStable({ requests: 160 }),
  ];

  const exposure = exposed(samples);

  assert.equal(exposure.requests, 10);
  assert.equal(exposure.failures, 3);
  assert.equal(exposure.rescued, 2);
});

test('a client that left was exposed, but no failure', () => {
  const { requests, failures } = exposed([aSample({ requests: 10, abandoned: 3 })]);

  assert.deepEqual([requests, failures], [13, 0]);
});

test('failures that clients saw are counted for the whole service while the deployment ran', () => {
  const samples = [
    aSample({ clientErrors: 1, idempotentClientErrors: 1 }),
    ofStable({ clientErrors: 2, idempotentClientErrors: 1 }),
    ofStable({ clientErrors: 4, token: { deployment: 1, sequence: 9 } }),
  ];

  const { clientErrors, idempotentClientErrors } = exposed(samples);

  assert.deepEqual([clientErrors, idempotentClientErrors], [3, 2]);
});

test('a second of total outage costs one second of the error budget', () => {
  const samples = [
    aSample({ second: 1, requests: 50, clientErrors: 50, serverErrors: 50 }),
    ofStable({ second: 1, requests: 50, clientErrors: 50 }),
    ofStable({ second: 2, requests: 100 }),
  ];

  assert.equal(exposed(samples).budgetSeconds, 1);
});

test('a failure in a hundred requests of a second costs a hundredth of it', () => {
  const samples = [
    aSample({ second: 7, requests: 10, clientErrors: 1 }),
    ofStable({ second: 7, requests: 90 }),
  ];

  assert.equal(exposed(samples).budgetSeconds, 0.01);
});

test('a failure counted in a second without a finished request costs no more than that second', () => {
  assert.equal(exposed([aSample({ requests: 0, clientErrors: 3 })]).budgetSeconds, 1);
});

test('without samples nothing was exposed', () => {
  assert.deepEqual(exposed([]), {
    requests: 0,
    failures: 0,
    clientErrors: 0,
    idempotentClientErrors: 0,
    rescued: 0,
    budgetSeconds: 0,
    isWhole: true,
  });
});

test('figures of a balancer that forgot the beginning, or was not reached, are not whole', () => {
  const samples = [aSample({ requests: 10 })];

  assert.equal(exposureOf({ sinceSecond: 100, samples }, of).isWhole, true);
  assert.equal(exposureOf({ sinceSecond: 101, samples }, of).isWhole, false);
  assert.deepEqual(exposureOf(null, of), { ...exposed([]), isWhole: false });
});

test('whatever happened, a budget is lost only where clients saw failures, and never more than a second a second', () => {
  const sample = fc.record({
    second: fc.nat({ max: 3 }),
    requests: fc.nat({ max: 50 }),
    clientErrors: fc.nat({ max: 60 }),
    token: fc.constant(leased),
  });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 10 }), (given) => {
      const samples = given.map((changes) => aSample({ ...changes, latency: [] }));
      const { budgetSeconds, clientErrors } = exposed(samples);
      const bad = new Set(samples.filter((each) => each.clientErrors > 0).map((s) => s.second));
      assert.equal(budgetSeconds > 0, clientErrors > 0);
      assert.ok(budgetSeconds <= bad.size);
    }),
  );
});
