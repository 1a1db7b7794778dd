import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aSample,
  candidatePool,
  latenciesOf,
  stablePool,
} from '../../../test/support/core/traffic-builder.ts';
import { aReading, MIB, readings } from '../../../test/support/core/usage-builder.ts';
import { spread } from '../../../test/support/core/verdict-builder.ts';
import { countOf } from '../model/histogram.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import { comparedSoFar } from './compared-figures.ts';
import {
  compareTraffic,
  nextSecond,
  type Comparison,
  type ComparisonPolicy,
} from './comparison.ts';
import { comparisonSentence } from './comparison-sentence.ts';
import { gaugeEvidence } from './gauge-martingale.ts';
import { temperingOf } from './dispersion.ts';
import { defaultVerdictSettings } from './default-verdict-settings.ts';

const settings = defaultVerdictSettings({
  tickMs: 1_000,
  horizonTicks: 600,
  families: ['errors', 'latency'],
});
const policy: ComparisonPolicy = { settings, mustExcludeHarm: false, warmUpResponses: 0 };
const pools = { candidate: candidatePool, stable: stablePool };

function compared(
  samples: readonly TrafficSample[],
  nowSecond: number,
  given: {
    readonly before?: Comparison | null;
    readonly policy?: ComparisonPolicy;
    readonly splitSecond?: number;
    readonly lastWithheldSecond?: number;
  } = {},
): Comparison | null {
  const { before = null, splitSecond = 0, lastWithheldSecond = -Infinity } = given;
  return compareTraffic(given.policy ?? policy, before, {
    ...{ pools, samples, nowSecond, splitSecond, lastWithheldSecond },
  });
}

type Second = Partial<TrafficSample>;

/** Both pools in each of the seconds; the stable one has ten times the traffic. */
function seconds(
  from: number,
  count: number,
  of: { readonly candidate?: Second; readonly stable?: Second } = {},
): readonly TrafficSample[] {
  return Array.from({ length: count }, (_, at) => from + at).flatMap((second) => [
    aSample({ second, requests: 100, latency: spread(100), ...of.candidate }),
    aSample({ second, pool: stablePool, requests: 1_000, latency: spread(1_000), ...of.stable }),
  ]);
}

const failing = (failures: number): Second => ({
  serverErrors: failures,
  failedCallers: failures,
  failureLatency: [],
});

test('each second that is over is one tick, the running one is none', () => {
  const comparison = compared(seconds(100, 5), 104);
  assert.equal(comparison?.beforeSecond, 99);
  assert.equal(comparison.state.ticks, 4);
  assert.equal(comparison.state.totals.candidateResponses, 400);
  assert.equal(comparison.state.totals.stableResponses, 4_000);
});

test('blocks under another split are not ranked among those before, and the bet goes on', () => {
  const gauges = { memory: { limit: 1_000 * MIB, safeLifeMs: 7 * 86_400_000 } };
  const judged = defaultVerdictSettings({
    ...{ tickMs: 1_000, horizonTicks: 600, families: ['resources'], gauges: ['memory'] },
  });
  const under = (split: number, before: Comparison | null) =>
    compareTraffic({ ...policy, settings: judged, gauges }, before, {
      ...{ pools, samples: seconds(split, 1), nowSecond: split + 6_000, splitSecond: split },
      readings: readings(split, split + 6_000, (second) => {
        const taken = 10 * split + Math.floor((second - split) / 300) * MIB;
        return aReading(second, [taken, taken], [0, 0]);
      }),
    });

  const first = under(100, null);
  const second = under(6_100, first);

  const [before, after] = [first?.state.gauges['memory'], second?.state.gauges['memory']];
  assert.equal(before?.blocks.length, 14);
  assert.equal(after?.blocks.length, 14);
  assert.ok(gaugeEvidence(after) > gaugeEvidence(before) && gaugeEvidence(before) > 0);
});

test('looked at second by second or all at once, it comes to the same', () => {
  const samples = seconds(100, 30, { candidate: failing(1) });
  const atOnce = compared(samples, 130);
  let before: Comparison | null = null;
  for (let now = 100; now <= 130; now += 1) {
    // As a gate reads them: what it has not compared, and a running second that is not whole.
    const from = before === null ? 0 : nextSecond(before);
    const running = samples
      .filter(({ second }) => second === now)
      .map((sample) => ({ ...sample, requests: 1, latency: latenciesOf(1, 1) }));
    const whole = samples.filter(({ second }) => second >= from && second < now);
    before = compared([...running, ...whole], now, { before });
  }
  assert.deepEqual(before, atOnce);
});

test('nothing is compared before the candidate has had traffic', () => {
  assert.equal(
    compared(
      seconds(100, 5).filter(({ pool }) => pool === stablePool),
      200,
    ),
    null,
  );
});

test('what the stable release answered before says from the first tick on how fast it is', () => {
  const before = seconds(70, 30).filter(({ pool }) => pool === stablePool);
  const slow = { latency: spread(100, 40) };
  const informed = compared([...before, ...seconds(100, 1, { candidate: slow })], 101);
  const uninformed = compared(seconds(100, 1, { candidate: slow }), 101);
  assert.ok(comparedSoFar(policy, 10, informed).tell().evidence.families.latency > 1);
  assert.ok(comparedSoFar(policy, 10, uninformed).tell().evidence.families.latency <= 0);
});

test('the responses with which a candidate warms up are left out, their failures too', () => {
  const warmingUp = { mustExcludeHarm: false, warmUpResponses: 250, settings };
  const samples = seconds(100, 5, { candidate: failing(3) });
  const comparison = compared(samples, 105, { policy: warmingUp });
  assert.equal(comparison?.leftOut, 300);
  assert.equal(comparison.state.totals.candidateResponses, 200);
  assert.equal(comparison.state.totals.candidateFailures, 6);
});

test('while requests are withheld from it a candidate answers another mix, and is not compared', () => {
  const reads = { latency: spread(100).map(([bucket, count]) => [bucket + 20, count] as const) };
  const withheld = compared(seconds(10, 30, { candidate: reads }), 40, {
    lastWithheldSecond: Infinity,
  });
  const allowed = compared(seconds(10, 40), 50, { before: withheld });
  const condemned = compared(seconds(10, 30, { candidate: reads }), 40);

  assert.deepEqual([withheld?.leftOut, withheld?.state.condemnedAt], [3_000, null]);
  assert.deepEqual([allowed?.leftOut, allowed?.state.totals.candidateResponses], [3_000, 1_000]);
  assert.ok(condemned?.state.condemnedAt);
});

test('seconds made up later are left out as at once, with that in which nothing is withheld any more', () => {
  const reads = { latency: spread(100).map(([bucket, count]) => [bucket + 20, count] as const) };
  const samples = [...seconds(10, 30, { candidate: reads }), ...seconds(40, 10)];
  let atOnce: Comparison | null = null;
  for (let now = 11; now <= 50; now += 1) {
    const running = samples.filter(({ second }) => second === now - 1);
    const lastWithheldSecond = now < 40 ? Infinity : 39;
    atOnce = compared(running, now, { before: atOnce, lastWithheldSecond });
  }
  const later = compared(samples, 50, { lastWithheldSecond: 39 });

  assert.deepEqual([later?.leftOut, later?.state.condemnedAt], [3_000, null]);
  // What the stable release answered before the candidate is the same: nothing.
  assert.deepEqual(later, atOnce);
});

test('seconds without any request are ticks that say nothing', () => {
  const gap = [...seconds(100, 2), ...seconds(110, 2)];
  const comparison = compared(gap, 112);
  assert.equal(comparison?.state.ticks, 12);
  assert.equal(comparison.state.discarded, 0);
});

test('an answer that broke in a later second than it was counted in is no impossible tick', () => {
  const broken = aSample({ second: 101, requests: 0, latency: [], resets: 1, failedCallers: 1 });
  const comparison = compared([...seconds(100, 1), broken], 102);
  assert.equal(comparison?.state.discarded, 0);
  assert.equal(comparison.state.totals.candidateFailures, 1);
});

test('failures that fall on one instance of the stable release are weighed as a clump', () => {
  const of = (failedCallers: number): Second => ({
    ...failing(20),
    slice: { requests: 500, failedCallers },
  });
  const spreadOut = compared(seconds(100, 5, { stable: of(10) }), 105);
  const clumped = compared(seconds(100, 5, { stable: of(20) }), 105);
  assert.equal(temperingOf(spreadOut!.state.dispersion), 1);
  assert.ok(temperingOf(clumped!.state.dispersion) < 0.2);
});

test('the times of failed answers are no sign of speed', () => {
  const failed = {
    ...failing(50),
    latency: [...latenciesOf(50, 1), ...latenciesOf(50, 20)],
    failureLatency: latenciesOf(50, 1),
  };
  const comparison = compared(seconds(100, 1, { candidate: failed }), 101);
  const { candidate } = comparedSoFar(policy, 10, comparison).tell();
  assert.ok((candidate.latencyMs?.p50 ?? 0) > 19);
});

/** Of each second's requests, those of clients who left before the answer came. */
const leaving = (count: number, afterMs: number): Second => ({
  abandoned: count,
  abandonedWaits: latenciesOf(count, afterMs),
});

test('a candidate that some clients wait for in vain is slower, though it fails nobody', () => {
  const patient = seconds(100, 60);
  const left = seconds(100, 60, { candidate: leaving(4, 3_000) });
  const figuresOf = (samples: readonly TrafficSample[]) =>
    comparedSoFar(policy, 10, compared(samples, 160));
  assert.equal(figuresOf(patient).isWorse, false);
  assert.equal(figuresOf(left).isWorse, true);
});

test('clients that leave both releases alike tell nothing', () => {
  const left = { candidate: leaving(4, 3_000), stable: leaving(40, 3_000) };
  const found = comparedSoFar(policy, 10, compared(seconds(100, 600, left), 700));
  assert.equal(found.isWorse, false);
  assert.ok(found.tell().evidence.families.latency <= 0);
});

/** Clients leave after about the p99 of the answers; the last `hanging` requests have none at all. */
function impatient(requests: number, hanging = 0): Second {
  const patienceBucket = 882;
  const latency = spread(requests - hanging).filter(([bucket]) => bucket < patienceBucket);
  const abandoned = requests - countOf(latency);
  return {
    ...{ requests: requests - abandoned, latency, abandoned },
    abandonedWaits: [[patienceBucket, abandoned]],
  };
}

test('that no harm is done is not shown while a hundredth of the requests is left unanswered', () => {
  const excluding = { ...policy, mustExcludeHarm: true };
  const found = (candidate: Second) => {
    const samples = seconds(100, 600, { candidate, stable: impatient(9_000) });
    return comparedSoFar(excluding, 10, compared(samples, 700, { policy: excluding }));
  };
  const answersAll = { requests: 1_000, latency: impatient(1_000).latency ?? [] };
  const hangs = found(impatient(1_000, 10));

  assert.equal(found(answersAll).open, null);
  assert.equal(hangs.isWorse, false);
  assert.notEqual(hangs.open, null);
});

test('clients that leave both releases soon do not hide that no harm is done', () => {
  const excluding = { ...policy, mustExcludeHarm: true };
  const left = { candidate: leaving(1, 5), stable: leaving(10, 5) };
  const comparison = compared(seconds(100, 1_200, left), 1_300, { policy: excluding });
  assert.equal(comparedSoFar(excluding, 10, comparison).open, null);
});

test('a candidate that hangs for most is compared from its warm-up on, and hangs count to it', () => {
  const hanging = { requests: 10, latency: spread(10), ...leaving(90, 3_000) };
  const warmingUp = { ...policy, warmUpResponses: 400 };
  const samples = seconds(100, 10, { candidate: hanging });
  const comparison = compared(samples, 110, { policy: warmingUp });
  assert.equal(comparison?.leftOut, 400);
  assert.equal(comparison.state.totals.candidateResponses, 60);
  assert.equal(comparedSoFar(policy, 10, comparison).isWorse, true);
});

test('uploads that their clients break off tell nothing', () => {
  const brokenOff = { abandoned: 50, abandonedWaits: [[0, 50]] } as const;
  const without = compared(seconds(100, 60), 160);
  const withUploads = compared(seconds(100, 60, { candidate: brokenOff }), 160);
  assert.deepEqual(withUploads, without);
});

test('a candidate that fails more often is worse, and it is said in a sentence', () => {
  const comparison = compared(seconds(100, 20, { candidate: failing(4) }), 120);
  const figures = comparedSoFar(policy, 10, comparison).tell();
  assert.equal(figures.isWorse, true);
  assert.match(
    comparisonSentence(figures),
    /^The candidate is worse than the stable release\. 80 callers in 2,000 answers of the candidate met a failure, 0 callers in 20,000 answers of the stable release\. That is .+ : 1 against a release that is no worse, which would get to 1,000 : 1 in less than 1 of 1,000 deployments\.$/,
  );
});

test('a candidate that is slower is worse, and its times are said beside the others', () => {
  const samples = seconds(100, 60, { candidate: { latency: spread(100, 20) } });
  const figures = comparedSoFar(policy, 10, compared(samples, 160)).tell();
  assert.deepEqual(figures.culprits, ['latency']);
  assert.match(
    comparisonSentence(figures),
    /Its clients wait [\d.]+\/[\d.]+\/[\d.]+ ms \(p50\/p95\/p99\), those of/,
  );
});

test('equal releases with the same failures are not told apart', () => {
  const samples = seconds(100, 600, { candidate: failing(1), stable: failing(10) });
  const figures = comparedSoFar(policy, 10, compared(samples, 700)).tell();
  assert.equal(figures.isWorse, false);
  assert.ok(figures.evidence.total < 0);
});

test('what comes later warms up later: it is left out from its split on, and not before', () => {
  const before = compared(seconds(10, 4), 14, {
    policy: { settings, mustExcludeHarm: false, warmUpResponses: 200 },
  });
  const grown = { settings, mustExcludeHarm: false, warmUpResponses: 500 };

  // In two seconds of waiting for the next batch nothing is left out, in the three behind its split all is.
  const waiting = compared(seconds(14, 2), 16, { before, policy: grown, splitSecond: 16 });
  const behind = compared(seconds(16, 4), 20, { before: waiting, policy: grown, splitSecond: 16 });

  assert.equal(before?.leftOut, 200);
  assert.equal(waiting?.leftOut, 200);
  assert.equal(behind?.leftOut, 500);
});
