/** A target under its contract suite: what it is asked to run, and how it is looked at. */
import assert from 'node:assert/strict';
import type { FailureCode, Effect } from '../../core/failures.ts';
import type { FencingToken } from '../../core/model/fencing-token.ts';
import type { InstanceId } from '../../core/model/ids.ts';
import type { PoolObservation, PoolSpec } from '../../core/model/pool.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { CommandContext, Target } from '../contract.ts';

/** What the release of a pool does once it is started. */
export type ReleaseBehaviour =
  | 'serves' // writes the line "ready" and accepts connections
  | 'never-accepts'
  | 'exits'; // writes the line "giving up" and ends with code 7

export interface TargetSubject {
  readonly target: Target;
  /** A pool of scope `test/web` with two instances. */
  spec(
    deployment: number,
    behaviour: ReleaseBehaviour,
    change?: Partial<PoolSpec>,
  ): Promise<PoolSpec>;
  /** Changes what the pool's instances are started from, behind the target's back. */
  damage(spec: PoolSpec): Promise<void>;
  /** Ends the instance's process without asking the target. */
  kill(instance: InstanceId): Promise<void>;
}

export type Check = (title: string, run: (subject: TargetSubject) => Promise<void>) => void;

const GRACE_MS = 5_000;

export function at(deployment: number, sequence: number, signal?: AbortSignal): CommandContext {
  const token: FencingToken = { deployment, sequence };
  return { token, signal: signal ?? AbortSignal.timeout(60_000) };
}

export function failsWith(code: FailureCode, effect?: Effect): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof OperationalError, String(error));
    assert.equal(error.failure.code, code);
    if (effect) assert.equal(error.failure.effect, effect);
    return true;
  };
}

export function pidsOf(pool: PoolObservation | null | undefined): (number | null)[] {
  return pool?.instances.map(({ pid }) => pid) ?? [];
}

export function statesOf(pool: PoolObservation | null | undefined): string[] {
  return pool?.instances.map(({ state }) => state) ?? [];
}

export async function observeOne(
  target: Target,
  spec: PoolSpec,
): Promise<PoolObservation | undefined> {
  const pools = await target.observe(spec.scope, at(0, 0));
  return pools.find(({ pool }) => pool === spec.pool);
}

export async function observedAs(
  target: Target,
  spec: PoolSpec,
  isIt: (pool: PoolObservation) => boolean,
): Promise<PoolObservation> {
  const end = performance.now() + 30_000;
  for (;;) {
    const pool = await observeOne(target, spec);
    if (pool && isIt(pool)) return pool;
    assert.ok(performance.now() < end, `not seen in time; last: ${JSON.stringify(pool)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function stop(target: Target, spec: PoolSpec, context: CommandContext) {
  return target.stop(spec.pool, { scope: spec.scope, graceMs: GRACE_MS }, context);
}
