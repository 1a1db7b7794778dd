/** Readings of what two instances of each arm take up. */
import { instanceIdOf, type PoolId } from '../../../src/core/model/ids.ts';
import type { InstanceUsage } from '../../../src/core/model/instance-usage.ts';
import type { UsageReading } from '../../../src/core/verdict/gauge-blocks.ts';
import { candidatePool, stablePool } from './traffic-builder.ts';

export const MIB = 1_024 ** 2;

/** For each instance; null for what could not be read. */
export type Amounts = readonly (number | null)[];

export function usageOf(pool: PoolId, memory: Amounts, pids?: readonly (number | null)[]) {
  return memory.map((bytes, index): InstanceUsage => {
    const pid = pids ? (pids[index] ?? null) : 100 + index;
    const gauges = { memory: bytes, openFiles: bytes === null ? null : 20 };
    return { pool, instance: instanceIdOf(pool, index), pid, gauges };
  });
}

export function aReading(second: number, candidate: Amounts, stable: Amounts): UsageReading {
  return {
    second,
    instances: [...usageOf(candidatePool, candidate), ...usageOf(stablePool, stable)],
  };
}

/** One every ten seconds, from `from` on and before `until`. */
export function readings(
  from: number,
  until: number,
  at: (second: number) => UsageReading,
): readonly UsageReading[] {
  return Array.from({ length: Math.ceil((until - from) / 10) }, (_, index) =>
    at(from + 10 * index),
  );
}
