import assert from 'node:assert/strict';
import test from 'node:test';
import { aSample, latenciesOf } from '../../../test/support/core/traffic-builder.ts';
import { countedWaits } from './counted-waits.ts';

test('answers, time-outs and clients that left are sent; late are those that waited beyond the limit', () => {
  const samples = [
    aSample({
      requests: 10,
      latency: [...latenciesOf(7, 20), ...latenciesOf(2, 900)],
      timeouts: 1,
    }),
    aSample({
      ...{ requests: 0, latency: [], abandoned: 5 },
      abandonedWaits: [...latenciesOf(2, 100), ...latenciesOf(3, 700)],
    }),
  ];

  assert.deepEqual(countedWaits(samples, 300_000), { sent: 15, late: 6 });
});
