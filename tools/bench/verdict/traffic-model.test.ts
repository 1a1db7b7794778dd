import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeHistograms, quantileOf } from '../../../src/core/model/histogram.ts';
import { createTraffic, type ArmTraffic, type TrafficOptions } from './traffic-model.ts';
import { regressions } from '../../../src/core/traffic-model/regression.ts';

const quiet: TrafficOptions = {
  seed: 1,
  candidateRps: 1_000,
  tickS: 60,
  errorRate: 0.01,
  isNoisy: false,
};

/** All that the candidate and a part of the stable release as large did in a while. */
function tenTicks(changes: Partial<TrafficOptions>) {
  const traffic = createTraffic({ ...quiet, ...changes });
  const ticks = Array.from({ length: 10 }, () => traffic.next());
  const sum = (arms: readonly ArmTraffic[]): ArmTraffic =>
    arms.reduce((left, right) => ({
      responses: left.responses + right.responses,
      failed: left.failed + right.failed,
      failedCallers: left.failedCallers + right.failedCallers,
      latency: mergeHistograms([left.latency, right.latency]),
    }));
  return {
    candidate: sum(ticks.map(({ candidate }) => candidate)),
    stable: sum(ticks.map(({ slice }) => slice)),
  };
}

function isNear(found: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(found / expected - 1) <= within, `${what}: ${found}, not ${expected}`);
}

test('the traffic is as large, as bad and as slow as it is said to be', () => {
  const { candidate, stable } = tenTicks({});
  for (const arm of [candidate, stable]) {
    isNear(arm.responses, 600_000, 0.01, 'responses');
    isNear(arm.failed, 6_000, 0.05, 'failed');
    isNear(quantileOf(arm.latency, 0.5) ?? 0, 80_000, 0.03, 'median');
    isNear(quantileOf(arm.latency, 0.99) ?? 0, 256_000, 0.04, 'p99');
  }
});

for (const regression of regressions) {
  test(`a regression of ${regression.name} is one of the candidate alone`, () => {
    const { candidate, stable } = tenTicks({ errorRate: 0, regression });
    const ratio = (quantile: number): number =>
      (quantileOf(candidate.latency, quantile) ?? 0) / (quantileOf(stable.latency, quantile) ?? 1);
    const [before, errors] = 'errors' in regression ? regression.errors : [0, 0];
    const slower = 'slower' in regression ? regression.slower : { fromQuantile: 0, by: 0 };
    const slack = 4 * Math.sqrt(600_000 * Math.max(errors, 1e-4));
    assert.ok(Math.abs(candidate.failed - 600_000 * errors) <= slack);
    assert.ok(Math.abs(stable.failed - 600_000 * before) <= slack);
    isNear(ratio(0.99), 1 + slower.by, 0.03, 'p99');
    isNear(ratio(0.5), slower.fromQuantile === 0 ? 1 + slower.by : 1, 0.03, 'median');
  });
}

test('failures come in clumps of two on average when arms are noisy', () => {
  const { candidate } = tenTicks({ isNoisy: true, errorRate: 0.02 });
  isNear(candidate.failed / candidate.failedCallers, 2, 0.05, 'clump');
});

test('the same seed gives the same traffic, another one does not', () => {
  assert.deepEqual(tenTicks({ seed: 7 }), tenTicks({ seed: 7 }));
  assert.notDeepEqual(tenTicks({ seed: 7 }), tenTicks({ seed: 8 }));
});
