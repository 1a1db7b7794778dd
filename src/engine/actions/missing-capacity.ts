import type { InstanceObservation } from '../../core/model/pool.ts';
import type { PlannedPool } from '../../core/plan/plan.ts';

/** One sentence on how many instances cannot be sent requests; null when all can. */
export function missingCapacity(
  { pool, instances: planned }: PlannedPool,
  instances: readonly InstanceObservation[],
): string | null {
  const accepting = instances.filter(({ state }) => state === 'accepting').length;
  if (accepting === planned) return null;
  return `Pool ${pool} has ${accepting} of ${planned} instances accepting connections.`;
}
