/** Whether what a pool's instances are started from is what it was. */
import type { PoolId, Scope } from '../core/model/ids.ts';
import { operationalError } from '../core/operational-error.ts';
import type { HostResources } from './pool-life.ts';

/** Throws `artifact-missing`, also for a pool that is not there, or `artifact-mismatch`. */
export async function attestPool(
  { pools, artifacts }: Pick<HostResources, 'pools' | 'artifacts'>,
  { pool: id, scope }: { readonly pool: PoolId; readonly scope: Scope },
): Promise<void> {
  const spec = pools.get(id)?.record.spec;
  if (spec?.scope !== scope) {
    throw operationalError('artifact-missing', `The host knows no pool ${id}.`);
  }
  await artifacts.verify(spec.artifact.digest);
}
