import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import { batchRefusal, batchSizes } from './batch-sizes.ts';
import { stagesOf } from './stages-of.ts';
import type { Batch } from './strategy.ts';

test('batches are of one size, the last one is what is left', () => {
  assert.deepEqual(batchSizes({ instances: 3 }, 8), [3, 6, 8]);
  assert.deepEqual(batchSizes({ share: 0.25 }, 10), [3, 6, 9, 10]);
  assert.deepEqual(batchSizes({ instances: 1 }, 2), [1, 2]);
});

test('batches that make no sense are refused with what to do instead', () => {
  assert.match(batchRefusal({ instances: 1 }, 1) ?? '', /1 instance cannot roll/);
  assert.match(batchRefusal({ instances: 5 }, 4) ?? '', /batch of 5 is larger than the pool of 4/);
  assert.match(batchRefusal({ share: 1 }, 4) ?? '', /holds all 4 instances/);
  assert.match(batchRefusal({ instances: 1 }, 101) ?? '', /101 batches, more than 100/);
  assert.equal(batchRefusal({ share: 0.001 }, 100), null);
});

const batchArbitrary: fc.Arbitrary<Batch> = fc.oneof(
  fc.record({ instances: fc.integer({ min: 1, max: 1_000 }) }),
  fc.record({ share: fc.double({ min: 0.001, max: 1, noNaN: true }) }),
);

test('whatever is not refused, the shares rise to 100 % and no instance gets more than one of the old pool', () => {
  fc.assert(
    fc.property(batchArbitrary, fc.integer({ min: 1, max: 1_000 }), (batch, instances) => {
      fc.pre(batchRefusal(batch, instances) === null);
      const rollout = aRolloutPolicy({ strategy: { kind: 'rolling', batch } });

      const stages = stagesOf(rollout, instances);

      assert.deepEqual(stages.at(-1), { ...stages.at(-1), weight: 100, instances });
      stages.forEach((stage, index) => {
        assert.ok(stage.weight > (stages[index - 1]?.weight ?? 0));
        assert.ok(stage.instances > (stages[index - 1]?.instances ?? 0));
        assert.ok(stage.weight * instances <= 100 * stage.instances);
      });
    }),
  );
});
