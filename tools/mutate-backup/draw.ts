/** Draws for mutations; the same for the same seed. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

export interface Draw {
  /** From 0 on, below the limit. */
  below(limit: number): number;
  of<Item>(items: readonly [Item, ...Item[]]): Item;
  bytes(count: number): Buffer;
}

export function seededDraw(seed: number): Draw {
  const generator = mersenne(seed);
  const below = (limit: number): number => Math.floor(uniformFloat64(generator) * limit);
  return {
    below,
    of: (items) => items[below(items.length)] ?? items[0],
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}
