import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  aJsonOutcome,
  aMirroredRequest,
  anOutcome,
} from '../../../test/support/core/mirror-builder.ts';
import {
  anObservation,
  candidatePool,
  revertToken,
  stablePool,
  stepToken,
} from '../../../test/support/core/traffic-builder.ts';
import { mirrorFindings } from '../mirror/mirror-findings.ts';
import { createMirrorLedger, noteMirrored, type MirroredRequest } from '../mirror/mirror-ledger.ts';
import type { MirrorReport } from '../mirror/mirror-report.ts';
import type { RoutingObservation } from '../model/routing.ts';
import { judgeMirror, type MirrorEvidence, type MirrorLimits } from './judge-mirror.ts';

const limits: MirrorLimits = {
  samplesMin: 100,
  differentMax: 0.01,
  latency: { quantile: 0.95, maxMs: 100 },
};

test('enough copies that are answered as the stable release answers pass', () => {
  const judgement = judged(repeat(100, aMirroredRequest()));

  assert.equal(judgement.verdict, 'PASS');
  assert.equal(judgement.reason, 'Of 100 mirrored requests none was answered differently.');
  assert.equal(judgement.mirrored?.compared, 100);
});

test('without a mirrored request nothing ever passes', () => {
  assert.equal(judged([]).verdict, 'INCONCLUSIVE');
  assert.match(judged([]).reason, /Too few requests have been mirrored: 0 of the 100/);
  const none = judgeMirror(limits, someEvidence({ mirror: null }));
  assert.deepEqual([none.verdict, none.reason], ['INCONCLUSIVE', 'Nothing has been mirrored yet.']);
});

test('fewer than the least number are inconclusive, and what was dropped is told', () => {
  const judgement = judged(repeat(99, aMirroredRequest()), 7);

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(judgement.reason, /99 of the 100 that it takes. 7 were not copied/);
});

test('what was found under another routing says nothing about this one', () => {
  const mirror = {
    ...reportOf(repeat(500, aMirroredRequest())),
    token: { deployment: 2, sequence: 4 },
  };

  assert.equal(judgeMirror(limits, someEvidence({ mirror })).verdict, 'INCONCLUSIVE');
});

test('a wrong status on one route is a rollback that names it, long before the least number', () => {
  const wrong = aMirroredRequest({ candidate: anOutcome({ status: 404 }) }, 'GET /api/articles/*');

  const judgement = judged([...repeat(20, aMirroredRequest()), ...repeat(24, wrong)]);

  assert.equal(judgement.verdict, 'ROLLBACK');
  assert.equal(
    judgement.reason,
    'Of 44 mirrored requests 24 were answered differently: status 404 for 200 on GET /api/articles/*, 24 times (the stable release itself 0), as for /articles/17.',
  );
  assert.deepEqual(
    judgement.findings.map(({ metric, met }) => [metric, met]),
    [
      ['different', false],
      ['latency', true],
      ['mirrored', false],
    ],
  );
});

test('differences are no rollback while the requests to come could still bring them within the limit', () => {
  const wrong = aMirroredRequest({ candidate: anOutcome({ status: 404 }) });
  const tolerant = { ...limits, differentMax: 0.3 };
  const verdictWith = (different: number) => {
    const mirror = reportOf([...repeat(20, aMirroredRequest()), ...repeat(different, wrong)]);
    return judgeMirror(tolerant, someEvidence({ mirror })).verdict;
  };

  assert.equal(verdictWith(30), 'INCONCLUSIVE');
  assert.equal(verdictWith(31), 'ROLLBACK');
});

test('a good release with times and ids of its own passes, and the noise is told', () => {
  const noisy = (index: number) =>
    aMirroredRequest({
      client: aJsonOutcome({ at: index }),
      stable: aJsonOutcome({ at: index + 1 }),
      candidate: aJsonOutcome({ at: index + 2 }),
    });

  const judgement = judged(Array.from({ length: 100 }, (_, index) => noisy(index)));

  assert.equal(judgement.verdict, 'PASS');
  assert.equal(
    judgement.reason,
    'Of 100 mirrored requests none was answered differently; in 100 the stable release differed from itself, which does not count.',
  );
});

test('a few answers that nothing explains hold it up, and as a small part of many they do not', () => {
  const odd = aMirroredRequest({ candidate: aJsonOutcome({ title: 'Old' }) });

  const [few, many] = [
    judged([...repeat(100, aMirroredRequest()), odd, odd]),
    judged([...repeat(400, aMirroredRequest()), odd, odd]),
  ];

  assert.equal(few.verdict, 'INCONCLUSIVE');
  assert.match(
    few.reason,
    /Of 102 mirrored requests 2 were answered differently: \/title another string/,
  );
  assert.equal(many.verdict, 'PASS');
});

test('where the stable release has two statuses itself, nothing was learned', () => {
  const unsettled = aMirroredRequest({ stable: anOutcome({ status: 503 }) });

  const judgement = judged(repeat(500, unsettled));

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(judgement.reason, /: 0 of the 100/);
});

test('a candidate that is too slow with copies is rolled back, once that is proven', () => {
  const slow = (request: MirroredRequest): MirroredRequest => ({
    ...request,
    candidate: { ...request.candidate, headUs: 180_000 },
  });

  const [proven, early] = [100, 20].map((count) => judged(repeat(count, slow(aMirroredRequest()))));

  assert.equal(proven?.verdict, 'ROLLBACK');
  assert.match(proven.reason, /^The candidate is too slow: the p95 of its response time is/);
  assert.equal(early?.verdict, 'INCONCLUSIVE');
});

test('a mirror that is not in force any more is a rollback, whoever ended it', () => {
  const lapsed = { cause: 'lease-lapsed', decidedAtNs: '5', zeroAtNs: '5' } as const;
  const cases: readonly [Partial<RoutingObservation>, RegExp][] = [
    [{ fallback: lapsed }, /The lease lapsed/],
    [{ token: { deployment: 2, sequence: 4 } }, /someone else changed the split/],
    [
      { weights: { [stablePool]: 90, [candidatePool]: 10 } },
      /reads back 10 % where 0 % was written/,
    ],
    [{ token: revertToken }, /The mirror was taken away by a process that ended/],
  ];

  for (const [changes, reason] of cases) {
    const mirror = reportOf(repeat(500, aMirroredRequest()));
    const judgement = judgeMirror(limits, someEvidence({ mirror }, changes));
    assert.equal(judgement.verdict, 'ROLLBACK');
    assert.match(judgement.reason, reason);
  }
});

test('no pass without the least number of settled requests, nor with more differences than allowed', () => {
  const outcome = fc.constantFrom(
    anOutcome(),
    anOutcome(),
    anOutcome({ status: 500 }),
    aJsonOutcome({ title: 'Old' }),
    { kind: 'late' } as const,
  );
  const request = fc
    .tuple(outcome, outcome)
    .map(([stable, candidate]) => aMirroredRequest({ stable, candidate }));
  fc.assert(
    fc.property(fc.array(request, { maxLength: 160 }), (requests) => {
      const mirror = reportOf(requests);

      if (judgeMirror(limits, someEvidence({ mirror })).verdict !== 'PASS') return;

      assert.ok(mirror.compared - mirror.unsettled >= limits.samplesMin);
      assert.ok(mirror.suspected <= limits.differentMax * mirror.compared);
    }),
  );
});

function judged(requests: readonly MirroredRequest[], dropped = 0) {
  return judgeMirror(limits, someEvidence({ mirror: reportOf(requests, dropped) }));
}

function reportOf(requests: readonly MirroredRequest[], dropped = 0): MirrorReport {
  const ledger = createMirrorLedger();
  for (const request of requests) noteMirrored(ledger, request, []);
  return { epoch: 'first', token: stepToken, ...mirrorFindings(ledger, dropped) };
}

function someEvidence(
  changes: Partial<MirrorEvidence>,
  observed: Partial<RoutingObservation> = {},
): MirrorEvidence {
  const weights = { [stablePool]: 100, [candidatePool]: 0 };
  return {
    candidate: candidatePool,
    token: stepToken,
    revertToken,
    observation: anObservation({ weights, ...observed }),
    mirror: null,
    ...changes,
  };
}

function repeat(count: number, request: MirroredRequest): readonly MirroredRequest[] {
  return Array.from({ length: count }, () => request);
}
