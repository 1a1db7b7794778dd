/** How large a pool is behind each of its batches, and which batches make no sense. */
import type { Batch } from './strategy.ts';

/** Weights are whole percents: with more batches some would add nothing. */
const BATCHES_MAX = 100;

/** Instances behind each batch; the last are all. */
export function batchSizes(batch: Batch, instances: number): readonly number[] {
  const size = Math.max(1, sizeOf(batch, instances));
  const batches = Math.ceil(instances / size);
  return Array.from({ length: batches }, (_, index) => Math.min(instances, size * (index + 1)));
}

/** One sentence with what to do instead; null when the batches fit the pool. */
export function batchRefusal(batch: Batch, instances: number): string | null {
  if (instances === 1) {
    return 'a pool of 1 instance cannot roll, it would take all traffic at once; give it more instances, or say strategy: canary or blue-green';
  }
  const size = sizeOf(batch, instances);
  if (size > instances) {
    return `a batch of ${size} is larger than the pool of ${instances} instances; choose a smaller one`;
  }
  const batches = batchSizes(batch, instances).length;
  if (batches === 1) {
    return `one batch holds all ${instances} instances, which takes all traffic at once; choose a smaller one, or say strategy: blue-green`;
  }
  if (batches <= BATCHES_MAX) return null;
  return `${instances} instances in batches of ${size} are ${batches} batches, more than ${BATCHES_MAX}; choose larger ones`;
}

/** A share is rounded up: no batch is empty. */
function sizeOf(batch: Batch, instances: number): number {
  return 'instances' in batch ? batch.instances : Math.ceil(batch.share * instances);
}
