/**
 * What the host does when asked: each command passes the fence first. The same command twice at a
 * time is carried out once; a command that a newer one overtook stops acting.
 */
import { compareTokens, type FencingToken } from '../core/model/fencing-token.ts';
import type { PoolId, Scope } from '../core/model/ids.ts';
import { invariant } from '../core/invariant.ts';
import type { PoolObservation } from '../core/model/pool.ts';
import { operationalError } from '../core/operational-error.ts';
import { convergePool, createPool, updatePool } from './ensure-pool.ts';
import type { Fence } from './fence.ts';
import type { PoolRecord } from './host-records.ts';
import { stopInstance } from './instance-life.ts';
import { numberOf, observePool, type HostResources, type PoolLife } from './pool-life.ts';
import type { PortRange } from '../platform/port-allocation.ts';
import { prunePools } from './prune-pools.ts';
import { createSerialQueue, type SerialQueue } from './serial-queue.ts';

export interface EnsureCommand {
  readonly spec: PoolRecord['spec'];
  readonly token: FencingToken;
  readonly ports: PortRange;
}

export interface StopCommand {
  readonly pool: PoolId;
  readonly scope: Scope;
  readonly graceMs: number;
  readonly token: FencingToken;
}

export interface PoolCommands {
  /** Newest first; all scopes when none is named. */
  observe(scope: Scope | null): Promise<PoolObservation[]>;
  ensure(command: EnsureCommand): Promise<PoolObservation>;
  stop(command: StopCommand): Promise<PoolObservation | null>;
}

export function createPoolCommands(resources: HostResources, fence: Fence): PoolCommands {
  const running = new Map<string, Promise<PoolObservation | null>>();
  const scopes = new Map<Scope, SerialQueue>();

  /** Orders what changes which pools of a scope exist and shall run; waiting is not part of it. */
  function inScope<Result>(scope: Scope, task: () => Promise<Result>): Promise<Result> {
    const queue = scopes.get(scope) ?? createSerialQueue();
    scopes.set(scope, queue);
    return queue(task);
  }

  function once<Result extends PoolObservation | null>(
    command: unknown,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const key = JSON.stringify(command);
    const shared = running.get(key) as Promise<Result> | undefined;
    if (shared) return shared;
    const result = act().finally(() => running.delete(key));
    running.set(key, result);
    return result;
  }

  async function ensure({ spec, token, ports }: EnsureCommand): Promise<PoolObservation> {
    // The environment is no part of a command's identity: a secret may be another one after a crash.
    const { environment: _, ...identity } = spec;
    await fence.admit(spec.scope, token, { verb: 'ensure', identity, ports });
    const stillWanted = (): void => assertNewest(resources, fence, spec.scope, token);
    const request = { spec, token, ports, stillWanted };
    const pool = await inScope(spec.scope, async () => {
      const known = resources.pools.get(spec.pool);
      if (!known) return createPool(resources, request);
      stillWanted();
      await updatePool(resources, known, request);
      return known;
    });
    await convergePool(pool, request);
    return observePool(pool, token);
  }

  async function stop({ pool: id, scope, graceMs, token }: StopCommand) {
    await fence.admit(scope, token, { verb: 'stop', pool: id, graceMs });
    const pool = await inScope(scope, () => markStopped(resources, id, graceMs));
    if (!pool) return null;
    await Promise.all(pool.instances.map((life) => stopInstance(life, graceMs)));
    const observation = await observePool(pool, fence.newestToken(scope) ?? token);
    await inScope(scope, () => prunePools(resources, scope));
    return observation;
  }

  return {
    observe: (scope) => observeScope(resources, fence, scope),
    ensure: (command) => once({ verb: 'ensure', ...command }, () => ensure(command)),
    stop: (command) => once({ verb: 'stop', ...command }, () => stop(command)),
  };
}

/** From here on no start comes through, before the first signal is sent. */
async function markStopped(
  resources: HostResources,
  id: PoolId,
  graceMs: number,
): Promise<PoolLife | null> {
  const pool = resources.pools.get(id);
  if (!pool) return null;
  const record: PoolRecord = { ...pool.record, desired: 'stopped', stopGraceMs: graceMs };
  await resources.store.savePool(record);
  pool.record = record;
  return pool;
}

async function observeScope(
  resources: HostResources,
  fence: Fence,
  scope: Scope | null,
): Promise<PoolObservation[]> {
  const pools = [...resources.pools.values()]
    .filter(({ record }) => scope === null || record.spec.scope === scope)
    .sort((left, right) => numberOf(right) - numberOf(left));
  return Promise.all(
    pools.map((pool) => {
      const token = fence.newestToken(pool.record.spec.scope);
      invariant(token, 'a pool came with a token');
      return observePool(pool, token);
    }),
  );
}

function assertNewest(
  resources: HostResources,
  fence: Fence,
  scope: Scope,
  token: FencingToken,
): void {
  if (resources.ending.aborted) {
    throw operationalError('agent-unreachable', 'The host is ending and starts nothing.', {
      effect: 'unknown',
    });
  }
  const newest = fence.newestToken(scope);
  if (newest && compareTokens(token, newest) === 0) return;
  throw operationalError('token-fenced', `A newer command of ${scope} came while this one ran.`, {
    effect: 'unknown',
    details: { token, newest },
  });
}
