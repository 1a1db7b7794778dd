import assert from 'node:assert/strict';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
  totalOf,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting, noTrips } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';
import type { PoolId } from '../core/model/ids.ts';
import type { Lease } from '../core/model/routing.ts';
import { decideApply } from '../core/routing/routing-state.ts';
import { watchedUnder } from '../core/routing/watched-pools.ts';
import type { Attempt } from './attempt.ts';
import { HangWatch } from './hang-watch.ts';
import { createLivePool, type LivePool } from './live-pool.ts';
import { appendWaiting } from './waiting-list.ts';

const MS = 1_000_000n;
const AFTER_MS = 300;

const routing = aRouting({
  scope,
  port: 1,
  pools: [aPool(stable, 50, [2]), aPool(candidate, 50, [3])],
  lease: aLease(candidate, { trip: { ...noTrips, hangAfterMs: AFTER_MS } }),
});

type End =
  | 'hangs'
  | 'answered'
  | 'body awaited'
  | 'taken over'
  | 'changes something'
  | 'left soon'
  | 'left in vain';

const LEAVES_AFTER_MS: Partial<Record<End, number>> = { 'left soon': 90, 'left in vain': 110 };

function watching(lease: Partial<Lease> = {}) {
  const leased = { ...routing, lease: routing.lease && { ...routing.lease, ...lease } };
  const decision = decideApply(null, leased, { deployment: 2, sequence: 1 }, 0n);
  assert.ok(decision.kind === 'changed');
  const pools = { candidate: createLivePool(candidate, 0n), stable: createLivePool(stable, 0n) };
  const baseline = createLivePool(`${candidate}-baseline` as PoolId, 0n);
  for (const pool of [...Object.values(pools), baseline]) pool.weight = 50;
  const watched = watchedUnder(decision.state);
  assert.ok(watched !== null);
  const live = new Map([...Object.values(pools), baseline].map((pool) => [pool.id, pool]));
  const watch = new HangWatch(watched, live, { sent: 1_000, late: 0 }, 0n);
  const send = (pool: LivePool, atMs: number, end: End) => {
    const isSample = end !== 'taken over';
    const owner = {
      isSafe: end !== 'changes something',
      isBodyAwaited: () => end === 'body awaited',
    };
    const attempt = {
      ...{ isSample, pool },
      waitingSinceNs: BigInt(atMs) * MS,
      owner,
      previous: null,
      next: null,
    };
    if (isSample) watch.sent(attempt as unknown as Attempt, BigInt(atMs) * MS);
    const leavesMs = LEAVES_AFTER_MS[end];
    if (leavesMs !== undefined) watch.left(attempt as unknown as Attempt, BigInt(leavesMs) * MS);
    else if (end !== 'answered') appendWaiting(pool.waiting, attempt as unknown as Attempt);
  };
  /** Ticks from one time to another; what the edge says in the end. */
  const tick = (fromMs: number, toMs: number, everyMs = 25) => {
    let { state } = decision;
    for (let at = fromMs; at <= toMs; at += everyMs) state = watch.tick(state, BigInt(at) * MS);
    return state;
  };
  const besideBaseline = () => watch.goesOnAs({ ...watched, beside: baseline.id });
  return { ...pools, baseline, send, tick, besideBaseline };
}

test('requests that the candidate alone leaves waiting trip, and the first of them is told', () => {
  const { candidate: next, stable: old, send, tick } = watching();
  send(next, 5, 'answered');
  for (let atMs = 10; atMs < 400; atMs += 20) {
    send(next, atMs, 'hangs');
    send(old, atMs, 'answered');
  }

  assert.equal(tick(0, 475).fallback, null, 'three moments may be one pause');
  const { fallback, firstFailures } = tick(500, 800);

  assert.ok(fallback?.cause === 'tripped' && fallback.rule === 'hangs');
  assert.equal(fallback.afterMs, AFTER_MS);
  assert.ok(fallback.observed >= fallback.limit && fallback.sent > fallback.observed);
  assert.equal(firstFailures.hangs, String(10n * MS));
});

test('requests that the stable pool has taken over say nothing of how long it leaves its own waiting', () => {
  const { candidate: next, stable: old, send, tick } = watching();
  for (let atMs = 10; atMs < 400; atMs += 20) {
    send(next, atMs, 'hangs');
    send(old, atMs, 'answered');
    send(old, atMs, 'taken over');
  }

  assert.equal(tick(0, 800).fallback?.cause, 'tripped');
});

test('while a candidate gets only safe requests, it is held against those of the stable pool alone', () => {
  for (const [safeFirst, cause] of [
    [50, undefined],
    [0, 'tripped'],
  ] as const) {
    const { candidate: next, stable: old, send, tick } = watching({ safeFirst });
    tick(0, 0);
    for (let atMs = 10; atMs < 400; atMs += 20) {
      send(next, atMs, 'changes something');
      send(old, atMs, 'answered');
    }

    assert.equal(tick(25, 800).fallback?.cause, cause);
  }
});

test('slow requests of the stable pool that change something hide no hang of safe ones', () => {
  const { candidate: next, stable: old, send, tick } = watching({ safeFirst: 50 });
  tick(0, 0);
  for (let atMs = 10; atMs < 400; atMs += 20) {
    send(next, atMs, 'hangs');
    send(old, atMs, 'answered');
    send(old, atMs, 'changes something');
  }

  assert.equal(tick(25, 800).fallback?.cause, 'tripped');
});

test('clients that leave after a third of the limit leave in vain; of those that leave sooner nothing is known', () => {
  for (const [end, cause] of [
    ['left in vain', 'tripped'],
    ['left soon', undefined],
  ] as const) {
    const { candidate: next, stable: old, send, tick } = watching();
    for (let atMs = 10; atMs < 600; atMs += 20) {
      send(next, atMs, end);
      send(old, atMs, 'answered');
    }

    assert.equal(tick(0, 1_000).fallback?.cause, cause);
  }
});

test('clients that left both in vain are held against neither, nor do those that left soon hide a hang', () => {
  for (const [end, ofStable, cause] of [
    ['left in vain', 'left in vain', undefined],
    ['hangs', 'left soon', undefined],
    ['hangs', 'answered', 'tripped'],
  ] as const) {
    const { candidate: next, stable: old, send, tick } = watching();
    for (let atMs = 10; atMs < 600; atMs += 20) {
      send(next, atMs, end);
      send(next, atMs, 'left soon');
      send(old, atMs, ofStable);
    }

    assert.equal(tick(0, 1_000).fallback?.cause, cause);
  }
});

test('with a baseline the candidate is held against it, and not against the stable pool', () => {
  for (const [ofBaseline, cause] of [
    ['hangs', undefined],
    ['answered', 'tripped'],
  ] as const) {
    const { candidate: next, stable: old, baseline, send, tick, besideBaseline } = watching();
    assert.equal(besideBaseline(), true);
    for (let atMs = 10; atMs < 600; atMs += 20) {
      send(next, atMs, 'hangs');
      send(old, atMs, ofBaseline === 'hangs' ? 'answered' : 'hangs');
      send(baseline, atMs, ofBaseline);
    }

    assert.equal(tick(0, 1_000).fallback?.cause, cause);
  }
});

test('what is open when a baseline comes counts for nobody, and what was found is kept', () => {
  const { candidate: next, stable: old, baseline, send, tick, besideBaseline } = watching();
  const hang = (fromMs: number, toMs: number, beside: LivePool) => {
    for (let atMs = fromMs; atMs < toMs; atMs += 20) {
      send(next, atMs, 'hangs');
      send(beside, atMs, 'answered');
    }
  };
  hang(10, 150, old);
  assert.equal(tick(0, 450).fallback, null, 'three moments may be one pause');
  hang(450, 600, old);

  besideBaseline();

  assert.equal(tick(475, 1_000).fallback, null);
  hang(1_010, 1_150, baseline);
  assert.equal(tick(1_025, 1_500).fallback?.cause, 'tripped', 'they are three again');
});

test('requests whose client has yet to send its body do not wait for the candidate', () => {
  const { candidate: next, stable: old, send, tick } = watching();
  for (let atMs = 10; atMs < 800; atMs += 20) {
    send(next, atMs, 'body awaited');
    send(old, atMs, 'answered');
  }

  assert.equal(tick(0, 2_000).fallback, null);
});

test('what the edge itself was too late to read counts for nobody', () => {
  const { candidate: next, stable: old, send, tick } = watching();
  for (let atMs = 10; atMs < 800; atMs += 20) {
    send(next, atMs, 'hangs');
    send(old, atMs, 'answered');
  }

  assert.equal(tick(0, 2_000, 150).fallback, null);
});

test('a candidate that hangs loses its traffic long before a request times out, and no client meets it', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const old = await startBackend(t, (request, response) => {
    request.resume().on('end', () => response.end('old'));
  });
  const next = await startBackend(t, (request) => request.resume());
  const pools = [aPool(stable, 50, [old.port]), aPool(candidate, 50, [next.port])];
  const lease = aLease(candidate, { trip: { ...noTrips, hangAfterMs: 50 } });
  await edge.apply(aRouting({ scope, port: edge.port, pools, lease, requestTimeoutMs: 60_000 }), {
    deployment: 2,
    sequence: 1,
  });
  const answers: Promise<Response>[] = [];

  await until('it has lost its traffic', async () => {
    answers.push(fetch(edge.url), fetch(edge.url));
    return (await edge.observe()).fallback !== null;
  });
  const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));

  const { fallback, weights } = await edge.observe();
  assert.ok(fallback?.cause === 'tripped' && fallback.rule === 'hangs');
  assert.equal(weights[stable], 100);
  assert.deepEqual([...new Set(texts)], ['old']);
  assert.equal(await totalOf(edge, candidate, 'timeouts'), 0);
});
