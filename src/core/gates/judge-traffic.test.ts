import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  anObservation,
  aSample,
  candidatePool,
  latenciesOf,
  someEvidence,
  someLimits,
  stablePool,
  stepToken,
  toldJudgement,
} from '../../../test/support/core/traffic-builder.ts';
import type { ComparedFigures, ComparedSoFar } from '../verdict/compared-figures.ts';
import type { Judgement } from './judge-traffic.ts';

test('enough good requests for long enough are a PASS that says on what it rests', () => {
  const judgement = toldJudgement(someLimits(), someEvidence());

  assert.equal(judgement.verdict, 'PASS');
  assert.match(judgement.reason, /^100 requests at 50 %, 0 of 100 failed, p95 2\d ms\.$/);
  assert.ok(judgement.findings.every(({ met }) => met));
});

const worse: ComparedFigures = {
  evidence: { total: 9, families: { errors: 9.7, latency: 0, resources: 0 } },
  needed: 6.9,
  isWorse: true,
  culprits: ['errors'],
  candidate: { responses: 100, failures: 4, latencyMs: null },
  stable: { responses: 900, failures: 1, latencyMs: null },
  ticks: 10,
  discarded: 0,
  open: null,
};

function soFar(figures: ComparedFigures): ComparedSoFar {
  const { isWorse, open, candidate } = figures;
  return { isWorse, open, responses: candidate.responses, tell: () => figures };
}

test('a candidate that is worse than the stable release is a ROLLBACK, whatever the limits allow', () => {
  const judgement = toldJudgement(someLimits(), someEvidence({ compared: soFar(worse) }));

  assert.equal(judgement.verdict, 'ROLLBACK');
  assert.match(
    judgement.reason,
    /4 callers in 100 answers of the candidate met a failure, 1 caller in 900 answers of the/,
  );
  const [first] = judgement.findings;
  assert.deepEqual([first?.metric, first?.observed, first?.limit], ['comparison', 9, 6.9]);
  assert.equal(judgement.compared, worse);
});

test('one that is no worse is judged by the limits, and the comparison is kept', () => {
  const compared = { ...worse, isWorse: false, culprits: [] };
  const judgement = toldJudgement(someLimits(), someEvidence({ compared: soFar(compared) }));

  assert.equal(judgement.verdict, 'PASS');
  assert.equal(judgement.compared, compared);
});

test('a comparison that was asked for and has too little to go on is no PASS', () => {
  const nothing = { ...worse, isWorse: false, culprits: [] };
  const few = { ...nothing, candidate: { ...worse.candidate, responses: 99 } };
  const open = { point: 'discards', observed: 0.06, limit: 0.05 } as const;
  const unusable = { ...nothing, ticks: 100, discarded: 6, open };
  const of = (compared: ComparedFigures) =>
    toldJudgement(someLimits(), someEvidence({ compared: soFar(compared) }));

  assert.equal(of(few).verdict, 'INCONCLUSIVE');
  assert.match(of(few).reason, /Too few answers .* have been compared .*: 99 of the 100 that/);
  assert.equal(of(unusable).verdict, 'INCONCLUSIVE');
  assert.match(of(unusable).reason, /figures that cannot be: 6 % of them, where at most 5 % may/);
});

const openPoints = [
  ['not-serving', 21, 20, /answers nothing: 21 requests were due to it since its last answer/],
  [
    'incident',
    8,
    6.9,
    /Both releases fail too often: this is an incident and no fault of the candi/,
  ],
  ['errors-open', 3, 4.6, /does no harm is not beyond doubt yet: ln E 3 of the ln E 4\.6 that/],
  ['latency-open', 3, 4.6, /does no harm is not beyond doubt yet/],
] as const;

for (const [point, observed, limit, says] of openPoints) {
  test(`a comparison that is open for ${point} holds the traffic, however good the limits find it`, () => {
    const open = { point, observed, limit };
    const compared = { ...worse, isWorse: false, culprits: [], open };
    const judgement = toldJudgement(someLimits(), someEvidence({ compared: soFar(compared) }));

    assert.equal(judgement.verdict, 'INCONCLUSIVE');
    assert.match(judgement.reason, says);
  });
}

test('no samples are INCONCLUSIVE, and no finding is NaN', () => {
  const judgement = toldJudgement(someLimits(), someEvidence({ samples: [] }));

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(judgement.reason, /Too few requests .*: 0 of the 100 that/);
  for (const { observed } of judgement.findings) assert.ok(Number.isFinite(observed));
});

test('one request less than needed is INCONCLUSIVE', () => {
  const samples = [aSample({ requests: 99 })];

  assert.equal(toldJudgement(someLimits(), someEvidence({ samples })).verdict, 'INCONCLUSIVE');
});

test('a split that was not held long enough is INCONCLUSIVE', () => {
  const judgement = toldJudgement(someLimits(), someEvidence({ heldMs: 9_999 }));

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(judgement.reason, /has not been held long enough: 9,999 ms of 10,000 ms/);
});

test('requests of the steps before do not count toward the number that is needed', () => {
  const samples = [
    aSample({ requests: 60 }),
    aSample({ requests: 500, token: { deployment: 2, sequence: 4 } }),
  ];

  const judgement = toldJudgement(someLimits(), someEvidence({ samples }));

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.equal(finding(judgement, 'samples').observed, 60);
});

test('a late failure of the step before still counts', () => {
  const samples = [
    aSample({ requests: 500 }),
    aSample({ requests: 0, latency: [], timeouts: 1, token: { deployment: 2, sequence: 4 } }),
  ];

  const judgement = toldJudgement(someLimits(), someEvidence({ samples }));

  assert.equal(judgement.verdict, 'ROLLBACK');
  assert.equal(finding(judgement, 'errorRate').met, false);
});

test('a single failure above a limit of 0 % is a ROLLBACK, at once and with any number of requests', () => {
  for (const failure of ['serverErrors', 'connectErrors', 'timeouts', 'resets'] as const) {
    const samples = [aSample({ requests: 10, [failure]: 1 })];

    const judgement = toldJudgement(someLimits(), someEvidence({ samples, heldMs: 1 }));

    assert.equal(judgement.verdict, 'ROLLBACK', failure);
    assert.match(judgement.reason, /fail too often: 10 % of 10 requests, where at most 0 % may\.$/);
  }
});

test('a failure that the stable pool answered in its place counts all the same', () => {
  const samples = [aSample({ serverErrors: 1, rescued: 1, clientErrors: 0 })];

  assert.equal(toldJudgement(someLimits(), someEvidence({ samples })).verdict, 'ROLLBACK');
});

test('one early failure is no ROLLBACK while enough good requests could still bring it within the limit', () => {
  const limits = someLimits({ errorRateMax: 0.01, samplesMin: 200 });
  const early = someEvidence({ samples: [aSample({ requests: 2, serverErrors: 1 })] });
  const proven = someEvidence({ samples: [aSample({ requests: 4, serverErrors: 3 })] });

  assert.equal(toldJudgement(limits, early).verdict, 'INCONCLUSIVE');
  assert.equal(toldJudgement(limits, proven).verdict, 'ROLLBACK');
});

test('failures within the limit pass, one more does not', () => {
  const limits = someLimits({ errorRateMax: 0.01 });
  const verdictWith = (serverErrors: number) =>
    toldJudgement(limits, someEvidence({ samples: [aSample({ requests: 200, serverErrors })] }))
      .verdict;

  assert.equal(verdictWith(2), 'PASS');
  assert.equal(verdictWith(3), 'ROLLBACK');
});

test('clients that left after a longer wait than the limit met slow answers', () => {
  const judge = (hung: number) =>
    toldJudgement(
      someLimits(),
      someEvidence({
        samples: [
          aSample({
            requests: 300 - hung,
            latency: latenciesOf(300 - hung, 20),
            abandoned: hung,
            abandonedWaits: latenciesOf(hung, 600),
          }),
        ],
      }),
    );

  assert.equal(judge(1).verdict, 'PASS');
  assert.equal(judge(15).verdict, 'PASS');
  assert.equal(judge(16).verdict, 'ROLLBACK');
  assert.match(judge(16).reason, /^The candidate is too slow: the p95 .* over 300 answers,/);
  assert.equal(finding(judge(16), 'errorRate').observed, 0);
});

test('a candidate that nobody waited for is slow, not untested', () => {
  const hung = { requests: 0, latency: [], abandoned: 100, abandonedWaits: latenciesOf(100, 600) };

  const judgement = toldJudgement(someLimits(), someEvidence({ samples: [aSample(hung)] }));

  assert.equal(judgement.verdict, 'ROLLBACK');
});

test('clients that left sooner say nothing: neither good nor bad', () => {
  const left = { abandoned: 50, abandonedWaits: latenciesOf(50, 90) };
  const judge = (requests: number) =>
    toldJudgement(someLimits(), someEvidence({ samples: [aSample({ requests, ...left })] }));

  assert.equal(judge(100).verdict, 'PASS');
  assert.equal(judge(99).verdict, 'INCONCLUSIVE');
});

test('slowness is proven on enough requests only', () => {
  const slow = (requests: number) =>
    toldJudgement(
      someLimits(),
      someEvidence({ samples: [aSample({ requests, latency: latenciesOf(requests, 150) })] }),
    );

  assert.equal(slow(99).verdict, 'INCONCLUSIVE');
  assert.equal(slow(100).verdict, 'ROLLBACK');
  assert.match(
    slow(100).reason,
    /^The candidate is too slow: the p95 of its response time is 15\d ms/,
  );
});

test('a slow minority below the quantile passes', () => {
  const latency = [...latenciesOf(95, 20), ...latenciesOf(5, 900)];

  const judgement = toldJudgement(
    someLimits(),
    someEvidence({ samples: [aSample({ requests: 100, latency })] }),
  );

  assert.equal(judgement.verdict, 'PASS');
});

test('a request that still waits blocks the PASS but is no failure yet', () => {
  const observation = anObservation({
    oldestWaitingMs: { [stablePool]: 60_000, [candidatePool]: 10_001 },
  });

  const judgement = toldJudgement(someLimits(), someEvidence({ observation }));

  assert.equal(judgement.verdict, 'INCONCLUSIVE');
  assert.match(judgement.reason, /has been waiting for 10,001 ms, longer than 10,000 ms/);
});

test('of too few requests it is known how long they took: that is no PASS', () => {
  const judged = (timed: number, connectErrors = 0) => {
    const sample = aSample({ requests: 100, latency: latenciesOf(timed, 20), connectErrors });
    const limits = someLimits({ samplesMin: 100, errorRateMax: 0.05 });
    return toldJudgement(limits, someEvidence({ samples: [sample] }));
  };

  assert.equal(judged(0).verdict, 'INCONCLUSIVE');
  assert.equal(judged(99).verdict, 'INCONCLUSIVE');
  assert.match(judged(99).reason, /known of too few requests: of 99, where it takes 100/);
  assert.equal(judged(99, 1).verdict, 'PASS', 'one that failed to connect took no time');
  assert.equal(judged(100).verdict, 'PASS');
});

test('where as many may fail as are asked for, one that took some time is still needed', () => {
  const judged = (timed: number) => {
    const sample = aSample({ requests: 100, latency: latenciesOf(timed, 20), connectErrors: 100 });
    const limits = someLimits({ samplesMin: 100, errorRateMax: 1 });
    return toldJudgement(limits, someEvidence({ samples: [sample] })).verdict;
  };

  assert.equal(judged(0), 'INCONCLUSIVE');
  assert.equal(judged(1), 'PASS');
});

test('what waits at the stable pool does not matter', () => {
  const observation = anObservation({
    oldestWaitingMs: { [stablePool]: 60_000, [candidatePool]: 0 },
  });

  assert.equal(toldJudgement(someLimits(), someEvidence({ observation })).verdict, 'PASS');
});

test('a trip of the balancer is a ROLLBACK that names what it counted', () => {
  const observation = anObservation({
    weights: { [stablePool]: 100, [candidatePool]: 0 },
    fallback: {
      cause: 'tripped',
      rule: 'timeouts',
      observed: 3,
      limit: 3,
      decidedAtNs: '1',
      zeroAtNs: '2',
    },
  });

  const judgement = toldJudgement(someLimits(), someEvidence({ observation }));

  assert.equal(judgement.verdict, 'ROLLBACK');
  assert.match(
    judgement.reason,
    /took the candidate's traffic away: it counted 3 time-outs in 100 requests, and 3 are too many/,
  );
  assert.deepEqual(
    judgement.findings.map(({ metric, observed, limit }) => ({ metric, observed, limit })),
    [{ metric: 'trip', observed: 3, limit: 3 }],
  );
});

test('a lapsed lease is a ROLLBACK that does not blame the release', () => {
  const observation = anObservation({
    weights: { [stablePool]: 100, [candidatePool]: 0 },
    fallback: { cause: 'lease-lapsed', decidedAtNs: '1', zeroAtNs: '2' },
  });

  const judgement = toldJudgement(someLimits(), someEvidence({ observation }));

  assert.equal(judgement.verdict, 'ROLLBACK');
  assert.match(judgement.reason, /lease lapsed: the controller or its database was away/);
  assert.equal(judgement.findings[0]?.metric, 'lease');
});

test('a weight that is not as written, or written by another command, is a ROLLBACK', () => {
  const others = [
    anObservation({ weights: { [stablePool]: 60, [candidatePool]: 40 } }),
    anObservation({ weights: {} }),
    anObservation({ token: { deployment: 3, sequence: 1 } }),
    anObservation({ token: { deployment: 2, sequence: 4 } }),
  ];
  for (const observation of others) {
    const judgement = toldJudgement(someLimits(), someEvidence({ observation }));

    assert.equal(judgement.verdict, 'ROLLBACK');
    assert.match(judgement.reason, /someone else changed the split/);
    assert.equal(judgement.findings[0]?.metric, 'split');
  }
});

test('whatever the samples are, a PASS has no failure above the limit and enough requests', () => {
  const count = fc.nat({ max: 300 });
  const samples = fc.array(
    fc.record({ requests: count, serverErrors: fc.nat({ max: 3 }), sequence: fc.nat({ max: 6 }) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(samples, fc.double({ min: 0, max: 0.1, noNaN: true }), (given, errorRateMax) => {
      const all = given.map(({ requests, serverErrors, sequence }, second) =>
        aSample({
          second,
          requests: requests + serverErrors,
          serverErrors,
          token: { ...stepToken, sequence },
        }),
      );
      const { verdict } = toldJudgement(
        someLimits({ errorRateMax }),
        someEvidence({ samples: all }),
      );
      if (verdict !== 'PASS') return;
      const requests = sumOf(all.map((sample) => sample.requests));
      const failed = sumOf(all.map((sample) => sample.serverErrors));
      const ours = all.filter(({ token }) => token.sequence === stepToken.sequence);
      assert.ok(failed <= errorRateMax * requests);
      assert.ok(sumOf(ours.map((sample) => sample.requests)) >= 100);
    }),
  );
});

function finding(judgement: Judgement, metric: Judgement['findings'][number]['metric']) {
  const found = judgement.findings.find((each) => each.metric === metric);
  assert.ok(found, metric);
  return found;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
