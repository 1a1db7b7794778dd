import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  aJsonOutcome,
  aMirroredRequest,
  anOutcome,
} from '../../../test/support/core/mirror-builder.ts';
import { seededDraws } from '../../../test/support/core/seeded-draws.ts';
import { coinEvidence } from './coin-evidence.ts';
import { mirrorFindings } from './mirror-findings.ts';
import { createMirrorLedger, noteMirrored, type MirroredRequest } from './mirror-ledger.ts';
import type { MirrorFindings } from './mirror-report.ts';

test('the evidence against a fair coin is worth one on average, exactly', () => {
  for (const tosses of [1, 2, 7, 20, 60]) {
    let mean = 0;
    let ways = 1;
    for (let heads = 0; heads <= tosses; heads += 1) {
      mean += (ways / 2 ** tosses) * Math.exp(coinEvidence(heads, tosses - heads));
      ways = (ways * (tosses - heads)) / (heads + 1);
    }
    assert.ok(Math.abs(mean - 1) < 1e-6, `${tosses} tosses: ${mean}`);
  }
});

test('a candidate that answers as the stable release does is not suspected', () => {
  const findings = findingsOf(repeat(1_000, () => aMirroredRequest()));

  assert.deepEqual(
    [findings.compared, findings.noisy, findings.suspected, findings.proven],
    [1_000, 0, 0, 0],
  );
  assert.deepEqual(findings.places, []);
});

test('times and ids that change with every answer are noise, for whichever copy', () => {
  const requests = repeat(500, (index) =>
    aMirroredRequest({
      client: aJsonOutcome({ at: index, id: `a${index}` }),
      stable: aJsonOutcome({ at: index + 1, id: `b${index}` }),
      candidate: aJsonOutcome({ at: index + 2, id: `c${index}` }),
    }),
  );

  const findings = findingsOf(requests);

  assert.deepEqual([findings.noisy, findings.suspected, findings.proven], [500, 0, 0]);
});

test('a time that the quicker release shares with its client now and then is noise of the other one, too', () => {
  const requests = repeat(3_000, (index) =>
    aMirroredRequest({
      client: aJsonOutcome({ at: index }),
      // Warm, it answers within the same millisecond once in two hundred times.
      stable: aJsonOutcome({ at: index % 200 === 0 ? index : index + 1 }),
      candidate: aJsonOutcome({ at: index + 1 }),
    }),
  );

  const findings = findingsOf(requests);

  assert.deepEqual([findings.noisy, findings.suspected, findings.proven], [2_985, 0, 0]);
});

test('a candidate that differs where the stable release does, but much more often, is no noise', () => {
  const requests = repeat(300, (index) =>
    aMirroredRequest({
      client: aJsonOutcome({ at: 0 }),
      stable: aJsonOutcome({ at: index % 4 === 0 ? 1 : 0 }),
      candidate: aJsonOutcome({ at: index % 2 === 0 ? 1 : 0 }),
    }),
  );

  const findings = findingsOf(requests);

  assert.deepEqual([findings.noisy, findings.proven], [75, 75]);
});

test('a release that differs by a quarter more often than the stable one is noise, by a third is not', () => {
  const provenAt = (candidateOften: number) => {
    const requests = repeat(2_400, (index) =>
      aMirroredRequest({
        client: aJsonOutcome({ at: 0 }),
        stable: aJsonOutcome({ at: index < 1_200 ? 1 : 0 }),
        candidate: aJsonOutcome({ at: index >= 2_400 - candidateOften ? 1 : 0 }),
      }),
    );
    return findingsOf(requests).proven;
  };

  assert.equal(provenAt(1_500), 0);
  assert.equal(provenAt(1_600), 400);
});

test('where the stable release differed once as well, a dozen differences are suspicious, a few are not', () => {
  const suspectedOf = (different: number) => {
    const other = aJsonOutcome({ title: 'Old' });
    const requests = repeat(different, () => aMirroredRequest({ candidate: other }));
    return findingsOf([aMirroredRequest({ stable: other }), ...requests]).suspected;
  };

  assert.equal(suspectedOf(8), 0);
  assert.equal(suspectedOf(12), 11);
});

test('a wrong field is proven beside noise within two dozen requests', () => {
  const requests = repeat(24, (index) =>
    aMirroredRequest({
      client: aJsonOutcome({ at: index, words: 7 }),
      stable: aJsonOutcome({ at: index + 1, words: 7 }),
      candidate: aJsonOutcome({ at: index + 2, words: '7' }),
    }),
  );

  const findings = findingsOf(requests);

  assert.deepEqual([findings.suspected, findings.proven], [24, 24]);
  const [worst] = findings.places;
  assert.deepEqual([worst?.place, worst?.told], ['/words', 'string for number']);
  assert.deepEqual([worst?.candidateOnly, worst?.stableOnly], [24, 0]);
  assert.equal(worst?.example, '/articles/17');
});

test('a field that is always another is still missed when it is missing', () => {
  const requests = repeat(30, (index) =>
    aMirroredRequest({
      client: aJsonOutcome({ at: index }),
      stable: aJsonOutcome({ at: index + 1 }),
      candidate: aJsonOutcome({}),
    }),
  );

  assert.equal(findingsOf(requests).proven, 30);
});

test('noise of bodies and headers never hides another status', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 400 }), (bad, noisy) => {
      const requests = [
        ...repeat(noisy, (index) => aMirroredRequest({ stable: aJsonOutcome({ at: index }) })),
        ...repeat(bad, () => aMirroredRequest({ candidate: anOutcome({ status: 500 }) })),
      ];

      assert.ok(findingsOf(requests).suspected >= bad);
    }),
    { numRuns: 20 },
  );
});

test('what both copies do equally often is not held against the candidate', () => {
  const draws = seededDraws(7);
  let alarms = 0;
  for (let deployment = 0; deployment < 200; deployment += 1) {
    const flaky = () => (draws.uniform() < 0.05 ? anOutcome({ status: 503 }) : anOutcome());
    const ledger = createMirrorLedger();
    let isProven = false;
    for (let request = 0; request < 300; request += 1) {
      noteMirrored(ledger, aMirroredRequest({ stable: flaky(), candidate: flaky() }), []);
      // Somebody looks all the time.
      if (request % 10 === 0) isProven ||= mirrorFindings(ledger, 0).proven > 0;
    }
    if (isProven) alarms += 1;
  }

  assert.equal(alarms, 0);
});

test('the order in which answers come changes nothing that is found', () => {
  const outcome = fc.constantFrom(
    anOutcome(),
    anOutcome({ status: 500 }),
    aJsonOutcome({ title: 'Old' }),
    aJsonOutcome({ title: 1 }),
    { kind: 'late' } as const,
  );
  const request = fc
    .tuple(outcome, outcome, fc.constantFrom('GET /', 'GET /articles/*'))
    .map(([stable, candidate, route]) => aMirroredRequest({ stable, candidate }, route));
  fc.assert(
    fc.property(
      fc
        .array(request, { maxLength: 40 })
        .chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
          ),
        ),
      ([requests, shuffled]) => {
        assert.deepEqual(sorted(findingsOf(shuffled)), sorted(findingsOf(requests)));
      },
    ),
  );
});

test('a stable release that differs in the place of the candidate turns the counts round', () => {
  const other = aJsonOutcome({ title: 'Old' });
  const [candidates, stables] = [
    findingsOf([aMirroredRequest({ candidate: other }), aMirroredRequest({ stable: other })]),
    findingsOf([aMirroredRequest({ stable: other })]),
  ];

  assert.deepEqual(
    candidates.places.map(({ candidateOnly, stableOnly }) => [candidateOnly, stableOnly]),
    [[1, 1]],
  );
  assert.deepEqual([stables.noisy, stables.suspected, stables.places.length], [1, 0, 0]);
});

test('a fault over very many routes is proven by all of them together', () => {
  const requests = repeat(60, (index) =>
    aMirroredRequest(
      { candidate: anOutcome({ status: 404 }) },
      `GET /stories/story-${'x'.repeat(index)}`,
    ),
  );

  assert.equal(findingsOf(requests).proven, 60);
});

test('what is added is told and not held against the candidate', () => {
  const requests = repeat(30, () =>
    aMirroredRequest({ candidate: aJsonOutcome({ title: 'News', tags: [] }) }),
  );

  const findings = findingsOf(requests);

  assert.deepEqual([findings.suspected, findings.proven], [0, 0]);
  assert.deepEqual(findings.additions, [{ route: 'GET /articles/*', place: '/tags', count: 30 }]);
});

test('a service of many routes and places is kept within bounds, and its faults are still found', () => {
  const wide = (salt: string) =>
    aJsonOutcome(Object.fromEntries(repeat(150, (index) => [`field-${index}`, salt])));
  const requests = repeat(600, (index) =>
    aMirroredRequest(
      { client: wide('old'), stable: wide('old'), candidate: wide('new') },
      `GET /page-${index % 300}`,
    ),
  );
  const ledger = createMirrorLedger();
  for (const request of requests) noteMirrored(ledger, request, []);

  const findings = mirrorFindings(ledger, 3);

  assert.ok(ledger.routes.size <= 201);
  assert.ok([...ledger.routes.values()].every(({ places }) => places.size <= 101));
  assert.ok(findings.places.length <= 20);
  assert.equal(findings.suspected, 600);
  assert.equal(findings.dropped, 3);
});

function findingsOf(requests: readonly MirroredRequest[]): MirrorFindings {
  const ledger = createMirrorLedger();
  for (const request of requests) noteMirrored(ledger, request, []);
  return mirrorFindings(ledger, 0);
}

function repeat<Value>(count: number, of: (index: number) => Value): readonly Value[] {
  return Array.from({ length: count }, (_, index) => of(index));
}

/** Places of equal evidence have no order among each other. */
function sorted(findings: MirrorFindings): MirrorFindings {
  const keyOf = ({ route, place, told }: MirrorFindings['places'][number]): string =>
    `${route} ${place} ${told}`;
  return {
    ...findings,
    places: [...findings.places].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
  };
}
