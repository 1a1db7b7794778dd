import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candidatePool, stablePool } from '../../../test/support/core/traffic-builder.ts';
import { aReading, readings, usageOf } from '../../../test/support/core/usage-builder.ts';
import {
  watchGauges,
  type GaugeBlocks,
  type GaugeLimits,
  type GaugeSecond,
  type UsageReading,
} from './gauge-blocks.ts';

const DAY_MS = 86_400_000;
const BURN_IN = 1_800;
const BLOCK = 300;
const START = 1_000;
const WARM = START + BURN_IN;

/** No margin, whatever is taken up. */
const strict: GaugeLimits = { memory: { limit: 0, safeLifeMs: DAY_MS } };

interface Ended {
  readonly second: number;
  readonly memory: number;
}

/** All blocks that have ended in the time of the readings and a block beyond them. */
function blocksOf(
  all: readonly UsageReading[],
  given: Partial<GaugeSecond> & { readonly limits?: GaugeLimits } = {},
): { readonly ended: readonly Ended[]; readonly blocks: GaugeBlocks | null } {
  const { limits = strict, ...changes } = given;
  const bySecond = Map.groupBy(all, ({ second }) => second);
  const last = Math.max(...bySecond.keys()) + BLOCK;
  let blocks: GaugeBlocks | null = null;
  const ended: Ended[] = [];
  for (let second = START; second <= last; second += 1) {
    const behind = watchGauges(limits, blocks, {
      ...{ second, splitSecond: START, isFresh: false },
      ...{ candidate: candidatePool, stable: stablePool },
      readings: bySecond.get(second) ?? [],
      ...changes,
    });
    blocks = behind.blocks;
    if (behind.ended.memory !== undefined) ended.push({ second, memory: behind.ended.memory });
  }
  return { ended, blocks };
}

const steady = (second: number): UsageReading => aReading(second, [70, 90], [50, 50]);

test('a block of five minutes is the median of how much more the candidate takes up', () => {
  const blips = (second: number) =>
    second % 100 === 0 ? aReading(second, [900, 900], [50, 50]) : steady(second);

  const { ended } = blocksOf(readings(START, WARM + 2 * BLOCK, blips));

  assert.deepEqual(ended, [
    { second: WARM + BLOCK - 1, memory: 30 },
    { second: WARM + 2 * BLOCK - 1, memory: 30 },
  ]);
});

test('nothing of the time in which it warms up counts, which is shorter beside a fresh pool', () => {
  const warming = (second: number) => aReading(second, [second < WARM ? 5_000 : 80, 80], [50, 50]);
  const all = readings(START, WARM + BLOCK, warming);

  assert.deepEqual(blocksOf(all).ended, [{ second: WARM + BLOCK - 1, memory: 30 }]);
  const [first] = blocksOf(all, { isFresh: true }).ended;
  assert.equal(first?.second, START + 300 + BLOCK - 1);
});

test('what is left to the limit may be taken up in the safe life, and no faster', () => {
  const limits: GaugeLimits = { memory: { limit: 1_080, safeLifeMs: 1_000 * 2 * BLOCK } };

  const rising = (second: number) => {
    const more = second < WARM ? 0 : second;
    return aReading(second, [70 + more, 90 + more], [50 + more, 50 + more]);
  };

  const { ended } = blocksOf(readings(START, WARM + 2 * BLOCK, rising), { limits });

  // 1,000 were left when it had warmed up, and are to last for two blocks.
  assert.deepEqual(
    ended.map(({ memory }) => memory),
    [30 - 500, 30 - 1_000],
  );
});

test('above its limit there is no margin, and nothing has to become less', () => {
  const limits: GaugeLimits = { memory: { limit: 10, safeLifeMs: DAY_MS } };

  const { ended } = blocksOf(readings(START, WARM + BLOCK, steady), { limits });

  assert.deepEqual(
    ended.map(({ memory }) => memory),
    [30],
  );
});

test('less than half of its readings make no block, and half of them do', () => {
  const until = (count: number) =>
    blocksOf([...readings(START, WARM, steady), ...readings(WARM, WARM + 10 * count, steady)])
      .ended;

  assert.equal(until(14).length, 0);
  assert.equal(until(15).length, 1);
});

test('a reading in which one instance is not told is none', () => {
  const untold = (second: number) =>
    second < WARM ? steady(second) : aReading(second, [70, null], [50, 50]);
  const gone = (second: number): UsageReading => ({
    second,
    instances: [
      ...usageOf(candidatePool, [70, 90]),
      ...usageOf(stablePool, [50, null], [100, second < WARM ? 101 : null]),
    ],
  });

  const unlisted = (second: number) =>
    second < WARM ? steady(second) : aReading(second, [70, 90], [50]);

  for (const at of [untold, gone, unlisted]) {
    assert.deepEqual(blocksOf(readings(START, WARM + 2 * BLOCK, at)).ended, []);
  }
});

test('with an instance that was started anew all begins anew, its burn-in too', () => {
  const restart = WARM + BLOCK + 100;
  const at = (second: number): UsageReading => ({
    second,
    instances: [
      ...usageOf(candidatePool, [70, 90]),
      ...usageOf(stablePool, [50, 50], [100, second < restart ? 101 : 999]),
    ],
  });

  const { ended, blocks } = blocksOf(readings(START, restart + BURN_IN + BLOCK, at));

  assert.deepEqual(
    ended.map(({ second }) => second),
    [WARM + BLOCK - 1, restart + BURN_IN + BLOCK - 1],
  );
  assert.equal(blocks?.sinceSecond, restart);
});

test('so it does under another split, under which everybody takes up something else', () => {
  const { blocks } = blocksOf(readings(START, WARM + BLOCK, steady));
  const second = WARM + BLOCK + 10;

  const behind = watchGauges(strict, blocks, {
    ...{ second, splitSecond: second, isFresh: false, readings: [steady(second)] },
    ...{ candidate: candidatePool, stable: stablePool },
  });

  assert.equal(behind.isAnew, true);
  assert.equal(behind.blocks?.sinceSecond, second);
  assert.equal(behind.blocks.series.memory?.first, null);
});

test('an arm of which nothing is known is no reading', () => {
  const alone = (second: number): UsageReading => ({
    second,
    instances: usageOf(candidatePool, [70, 90]),
  });

  assert.deepEqual(blocksOf(readings(START, WARM + BLOCK, alone)), { ended: [], blocks: null });
});

const amounts = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 60, maxLength: 60 });

test('what both arms take up more of, together, is no difference', () => {
  fc.assert(
    fc.property(amounts, amounts, (own, common) => {
      const of = (shared: readonly number[]) =>
        readings(START, WARM + 2 * BLOCK, (second) => {
          const at = Math.floor((second - START) / 10) % 60;
          const [more = 0, both = 0] = [own[at], shared[at]];
          return aReading(second, [more + both, more + both], [both, both]);
        });
      assert.deepEqual(blocksOf(of(common)).ended, blocksOf(of(common.map(() => 0))).ended);
    }),
    { numRuns: 20 },
  );
});

test('a candidate that takes up more in every reading is never found to take up less', () => {
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 1_000 }), (own, more) => {
      const of = (extra: number) =>
        blocksOf(
          readings(START, WARM + 2 * BLOCK, (second) => {
            const amount = own[Math.floor((second - START) / 10) % 60] ?? 0;
            return aReading(second, [amount + extra, amount + extra], [500, 500]);
          }),
        ).ended;
      const [less, greater] = [of(0), of(more)];
      assert.deepEqual(
        greater,
        less.map(({ second, memory }) => ({ second, memory: memory + more })),
      );
    }),
    { numRuns: 20 },
  );
});

test('what is kept is plain data and no longer than a block', () => {
  const { blocks } = blocksOf(readings(START, WARM + 20 * BLOCK, steady));

  assert.deepEqual(JSON.parse(JSON.stringify(blocks)), blocks);
  assert.ok(JSON.stringify(blocks).length < 2_000);
});
