import assert from 'node:assert/strict';
import test from 'node:test';
import { aSample, latenciesOf } from '../../../test/support/core/traffic-builder.ts';
import { countedWaits } from './counted-waits.ts';

test('late is what waited beyond the limit, and whose client left in vain; who left sooner says nothing', () => {
  const samples = [
    aSample({
      requests: 10,
      latency: [...latenciesOf(7, 20), ...latenciesOf(2, 900)],
      timeouts: 1,
    }),
    aSample({
      ...{ requests: 0, latency: [], abandoned: 5 },
      abandonedWaits: [...latenciesOf(2, 90), ...latenciesOf(1, 110), ...latenciesOf(2, 700)],
    }),
  ];

  assert.deepEqual(countedWaits(samples, 300_000), { sent: 13, late: 6 });
});
