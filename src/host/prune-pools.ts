/** Forgets old stopped pools and the artifacts that nothing refers to any more. */
import type { Scope } from '../core/model/ids.ts';
import { numberOf, type HostResources } from './pool-life.ts';

const STOPPED_POOLS_MAX = 5;

/** Keeps the newest stopped pools of the scope for inspection, and every pool that shall run. */
export async function prunePools(resources: HostResources, scope: Scope): Promise<void> {
  const stopped = [...resources.pools.values()]
    .filter(({ record }) => record.spec.scope === scope && record.desired === 'stopped')
    .filter(({ instances }) => instances.every((life) => life.process === null))
    .sort((left, right) => numberOf(right) - numberOf(left));
  for (const pool of stopped.slice(STOPPED_POOLS_MAX)) {
    const { spec } = pool.record;
    resources.pools.delete(spec.pool);
    // The pool's record goes first: instances without a pool are never started.
    await resources.store.removePool(spec.pool);
    for (const { record } of pool.instances) await resources.store.removeInstance(record.id);
  }
  await resources.artifacts.prune(
    () => new Set([...resources.pools.values()].map(({ record }) => record.spec.artifact.digest)),
  );
}
