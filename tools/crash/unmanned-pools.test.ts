import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeenRouting } from './read-routing.ts';
import { unmannedPools } from './unmanned-pools.ts';

function routed(weights: Readonly<Record<string, number>>): SeenRouting {
  const pools = Object.entries(weights).map(([pool, weight]) => ({
    pool,
    version: pool,
    weight,
    endpoints: [],
  }));
  return { pools, stable: 'old', hasLease: false, fallback: null };
}

/** What two looks name, of routings and living pools as each of them sees it. */
async function named(
  looks: readonly [SeenRouting, SeenRouting | null],
  living: readonly [readonly string[], readonly string[]],
): Promise<readonly string[]> {
  let look = 0;
  const unmanned = await unmannedPools(looks[0], {
    readAgain: () => {
      look = 1;
      return Promise.resolve(looks[1]);
    },
    hasProcess: (pool) => Promise.resolve(living[look]?.includes(pool) === true),
  });
  return unmanned.map(({ pool }) => pool);
}

test('pools that have a process, or no weight, are not named', async () => {
  const split = routed({ old: 80, new: 20, gone: 0 });

  assert.deepEqual(await named([split, split], [['old', 'new'], []]), []);
});

test('a weighted pool without a process is named beside a living one', async () => {
  const split = routed({ old: 80, new: 20 });

  assert.deepEqual(await named([split, split], [['old'], ['old']]), ['new']);
});

test('a pool that lost its weight and was stopped between two reads is not named', async () => {
  const before = routed({ old: 100, new: 0 });
  const after = routed({ old: 0, new: 100 });

  assert.deepEqual(await named([before, after], [['new'], ['new']]), []);
});

test('each pool must be without a process in both looks', async () => {
  const split = routed({ old: 50, new: 50 });

  assert.deepEqual(await named([split, split], [['old'], ['new']]), []);
});

test('nothing is named while the routing cannot be read again', async () => {
  assert.deepEqual(await named([routed({ old: 100 }), null], [[], []]), []);
});
