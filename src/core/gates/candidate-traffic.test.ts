import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aSample, latenciesOf } from '../../../test/support/core/traffic-builder.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import { noTraffic, observeCandidate, totalsOf } from './candidate-traffic.ts';

const seconds = fc.array(
  fc.record({
    second: fc.integer({ min: 1, max: 30 }),
    requests: fc.integer({ min: 0, max: 50 }),
    failed: fc.integer({ min: 0, max: 3 }),
    sequence: fc.integer({ min: 4, max: 6 }),
  }),
  { maxLength: 40 },
);

function samplesOf(given: (typeof seconds extends fc.Arbitrary<infer T> ? T : never)[number]) {
  const { second, requests, failed, sequence } = given;
  const latency = latenciesOf(requests, 5 + second);
  return aSample({
    ...{ second, requests, latency, serverErrors: failed },
    token: { deployment: 2, sequence },
  });
}

test('however often and in how many pieces it was reported, the sum is that of all buckets', () => {
  fc.assert(
    fc.property(seconds, fc.integer({ min: 1, max: 5 }), (given, every) => {
      const all = new Map<string, TrafficSample>();
      for (const one of given) all.set(`${one.second} ${one.sequence}`, samplesOf(one));
      const ordered = [...all.values()].toSorted((left, right) => left.second - right.second);
      let traffic = noTraffic;
      for (let until = 0; until < 35; until += every) {
        const { fromSecond } = traffic;
        const reported = ordered.filter(
          ({ second }) => second >= fromSecond && second <= until + every - 1,
        );
        // What is asked for twice is counted once.
        traffic = observeCandidate(observeCandidate(traffic, reported), reported);
      }
      assert.deepEqual(totalsOf(traffic), totalsOf({ ...noTraffic, unsettled: ordered }));
    }),
  );
});

test('a bucket of the running second is replaced by its next report', () => {
  const early = observeCandidate(noTraffic, [aSample({ second: 9, requests: 3 })]);
  const later = observeCandidate(early, [aSample({ second: 9, requests: 8 })]);

  assert.equal(totalsOf(later).requests, 8);
});

test('the same second of a balancer that began anew counts beside that of before', () => {
  const before = observeCandidate(noTraffic, [aSample({ second: 9, requests: 3 })]);
  const anew = observeCandidate(before, [aSample({ second: 9, requests: 2, epoch: 'second' })]);

  assert.equal(totalsOf(anew).requests, 5);
});

test('after a day only the last seconds are kept apart', () => {
  let traffic = noTraffic;
  for (let second = 1; second <= 86_400; second += 60) {
    traffic = observeCandidate(traffic, [aSample({ second })]);
  }
  assert.ok(traffic.unsettled.length <= 3);
  assert.equal(totalsOf(traffic).requests, 144_000);
});
