import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aJudgedSplit } from '../../test/support/engine/a-judged-split.ts';
import { scope } from '../../test/support/engine/simulated-surroundings.ts';
import { nothingWatched, type WatchedSeconds } from '../core/gates/watch-seconds.ts';
import type { KeptWatch } from '../store/watch-store.ts';
import { judgeTraffic } from './actions/judge-traffic.ts';
import { createWatchRecords } from './watch-records.ts';

const command = { deployment: 2, outcomeKey: 'judge-50#1.5 ended' };
/** Longer than the balancer remembers: a quarter of an hour. */
const HELD_SECONDS = 2_400;
const LOST_AT_SECOND = 2_000;

function watchedUntil(second: number): WatchedSeconds {
  return { ...nothingWatched(null), nextSecond: second };
}

function records(write: (watch: KeptWatch) => Promise<void>) {
  return createWatchRecords({ keepWatch: write }, command, {});
}

test('what a watch has seen is kept once a minute, not with its first look', async () => {
  const kept: number[] = [];
  const { note } = records(async ({ watched }) => void kept.push(watched.nextSecond));

  for (let second = 100; second <= 300; second += 1) {
    note(scope, watchedUntil(second));
    await Promise.resolve();
    await Promise.resolve();
  }

  assert.deepEqual(kept, [160, 220, 280]);
});

test('an older record never overtakes a newer one, and one that was lost is followed by the next', async () => {
  const begun: number[] = [];
  const { promise, reject } = Promise.withResolvers<undefined>();
  const { note } = records(({ watched }) => {
    begun.push(watched.nextSecond);
    return begun.length === 1 ? promise : Promise.resolve();
  });

  for (const second of [0, 60, 120, 180]) note(scope, watchedUntil(second));
  assert.deepEqual(begun, [60]);
  reject(new Error('Connection terminated unexpectedly'));
  await promise.catch(() => undefined);
  await Promise.resolve();
  note(scope, watchedUntil(181));

  assert.deepEqual(begun, [60, 181]);
});

test('a process that is lost after half an hour at a weight loses a minute of what it has seen', async () => {
  // From what the balancer remembers alone there is a quarter of an hour before the loss.
  assert.ok((await comparedSeconds('nothing kept')) < LOST_AT_SECOND);
  assert.ok((await comparedSeconds('kept')) >= HELD_SECONDS - 1);
});

/** How many seconds were compared in the end, when the process was lost in between. */
async function comparedSeconds(how: 'kept' | 'nothing kept'): Promise<number> {
  const { surroundings, context, judge } = await aJudgedSplit({
    compare: ['errors', 'latency'],
    limits: {
      ...{ holdMs: HELD_SECONDS * 1_000, samplesMin: 100, errorRateMax: 0 },
      latency: { quantile: 0.95, maxMs: 100 },
    },
  });
  surroundings.requestsPerLook = 8;
  const kept = new Map<string, WatchedSeconds>();
  const keepWatch = async (watch: KeptWatch) => void kept.set(watch.scope, watch.watched);
  const lost = Promise.withResolvers<never>();
  const death = new Promise<never>(() => undefined);
  surroundings.atVerb = () => {
    if (surroundings.clock.monotonicNs() < BigInt(LOST_AT_SECOND) * 1_000_000_000n) return;
    lost.reject(new Error('lost'));
    return death;
  };
  const watches = createWatchRecords({ keepWatch }, command, {});
  await assert.rejects(Promise.race([judgeTraffic({ ...context, watches }, judge), lost.promise]));

  surroundings.atVerb = () => undefined;
  const before = how === 'kept' ? Object.fromEntries(kept) : {};
  const again = createWatchRecords({ keepWatch }, command, before);
  const result = await judgeTraffic({ ...context, watches: again }, judge);
  assert.ok(result.kind === 'ok', JSON.stringify(result));
  return result.evidence.judgement?.compared?.ticks ?? 0;
}
