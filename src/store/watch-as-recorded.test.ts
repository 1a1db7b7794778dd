import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aSample, latenciesOf } from '../../test/support/core/traffic-builder.ts';
import { noTraffic, observeCandidate } from '../core/gates/candidate-traffic.ts';
import { nothingWatched } from '../core/gates/watch-seconds.ts';
import { sparseOfDense } from '../core/model/dense-histogram.ts';
import { watchAsRecorded } from './watch-as-recorded.ts';

const samples = [
  aSample({ second: 1, latency: latenciesOf(9, 20), abandonedWaits: latenciesOf(2, 300) }),
  aSample({ second: 9, latency: [...latenciesOf(4, 10), ...latenciesOf(3, 40)] }),
];
const watched = { ...nothingWatched(null), candidate: observeCandidate(noTraffic, samples) };

test('waits that older versions recorded as pairs are read as those of today', () => {
  const { settled } = watched.candidate;
  const latency = sparseOfDense(settled.latency);
  const abandonedWaits = sparseOfDense(settled.abandonedWaits);
  const pairs = { ...watched.candidate, settled: { ...settled, latency, abandonedWaits } };

  assert.ok(latency.length > 0 && abandonedWaits.length > 0);
  assert.deepEqual(watchAsRecorded({ ...watched, candidate: pairs }), watched);
});

test('what was recorded today is read as it is', () => {
  assert.deepEqual(watchAsRecorded(watched), watched);
});
