import assert from 'node:assert/strict';
import test from 'node:test';
import type { PoolId } from '../model/ids.ts';
import { MOMENT_NS } from './hang-evidence.ts';
import {
  armOf,
  countSent,
  countUnanswered,
  goOnUnder,
  openMoments,
  weighDue,
  type Arm,
} from './open-moments.ts';

const AFTER_MS = 300;
const AFTER_NS = BigInt(AFTER_MS) * 1_000_000n;
const half = { weights: { candidate: 50, stable: 50 }, isOfSafe: false };
const toCandidate = { arm: 'candidate', isSafe: true } as const;

const stable = 'test.web.1' as PoolId;
const watched = {
  ...{ deployment: 2, candidate: 'test.web.2' as PoolId, stable, beside: stable },
  afterMs: AFTER_MS,
};

const opened = () => openMoments(watched, { sent: 1_000, late: 0 });

/** What becomes of the first moment, so few that they are still gathered. */
function weighed(moments: ReturnType<typeof opened>, waiting: Partial<Record<Arm, number>> = {}) {
  const hang = weighDue(moments, MOMENT_NS + AFTER_NS, (_, arm) => waiting[arm] ?? 0);
  assert.equal(hang, null);
  return moments.evidence.block;
}

test('no more are late in a moment than were sent in it, however many began to wait anew in it', () => {
  const moments = opened();
  countSent(moments, toCandidate, 0n, half);

  assert.deepEqual(weighed(moments, { candidate: 5 }).candidate, { sent: 1, late: 1 });
});

test('when all of a moment are late, one more that ends is of another moment', () => {
  const moments = opened();
  countSent(moments, toCandidate, 0n, half);

  assert.equal(countUnanswered(moments, toCandidate, 0n, AFTER_NS), true);
  assert.equal(countUnanswered(moments, toCandidate, 0n, AFTER_NS), false);
  assert.equal(countUnanswered(moments, toCandidate, 0n, 1n), false);

  assert.deepEqual(weighed(moments).candidate, { sent: 1, late: 1 });
});

test('the share of the stable release is of the requests to the two, whatever a third pool has', () => {
  const moments = opened();
  const weights = { candidate: 10, stable: 20 };
  countSent(moments, toCandidate, 0n, { ...half, weights });

  assert.equal(moments.open[0]?.stableShare, 2 / 3);
});

test('what nobody can be late in any more is weighed, the rest stays open', () => {
  const moments = opened();
  for (const atNs of [0n, MOMENT_NS]) countSent(moments, toCandidate, atNs, half);

  weighDue(moments, MOMENT_NS + AFTER_NS - 1n, () => 0);
  assert.equal(moments.open.length, 2);
  weighDue(moments, MOMENT_NS + AFTER_NS, () => 0);
  assert.deepEqual(
    moments.open.map(({ number }) => number),
    [1n],
  );
});

test('they go on under every split of a deployment, and without what is open when another pool is beside', () => {
  const moments = opened();
  const baseline = 'test.web.2-baseline' as PoolId;
  countSent(moments, toCandidate, 0n, half);

  for (const other of [
    { deployment: 3 },
    { candidate: baseline },
    { stable: baseline },
    { afterMs: 1 },
  ]) {
    assert.equal(goOnUnder(moments, { ...watched, ...other }), false);
  }
  assert.equal(goOnUnder(moments, watched), true);
  assert.equal(moments.open.length, 1);
  assert.equal(goOnUnder(moments, { ...watched, beside: baseline }), true);
  assert.equal(moments.open.length, 0);
  assert.deepEqual(
    [watched.candidate, baseline, stable].map((pool) => armOf(moments, pool)),
    ['candidate', 'stable', null],
  );
});

test('requests beside one pool are not gathered with those beside another', () => {
  const moments = opened();
  countSent(moments, toCandidate, 0n, half);
  assert.equal(weighed(moments).candidate.sent, 1);

  goOnUnder(moments, watched);
  assert.equal(moments.evidence.block.candidate.sent, 1);
  goOnUnder(moments, { ...watched, beside: 'test.web.2-baseline' as PoolId });
  assert.equal(moments.evidence.block.candidate.sent, 0);
  assert.equal(moments.evidence.moments, 1, 'what it is worth so far is kept');
});
