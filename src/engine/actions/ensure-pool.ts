/** Has a pool's instances started and accepting connections. */
import type { PlannedPool } from '../../core/plan/plan.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';

export async function ensurePool(context: ActionContext, pool: PlannedPool): Promise<ActionResult> {
  const { stopGraceMs: _kept, ...spec } = pool;
  const environment = await context.environmentOf(pool.release.configDigest);
  const observation = await context.drivers.target.ensure(
    { ...spec, environment },
    { token: context.command.token, signal: context.signal },
  );
  const ports = observation.instances.map((instance) => `${instance.host}:${instance.port}`);
  return ok(
    `${observation.instances.length} instances of ${pool.release.version} accept connections on ${ports.join(', ')}.`,
  );
}

export async function isPoolEnsured(context: ActionContext, pool: PlannedPool): Promise<boolean> {
  const pools = await context.drivers.target.observe(context.plan.scope, context);
  const found = pools.find((candidate) => candidate.pool === pool.pool);
  return (
    found?.desired === 'running' &&
    found.restart === pool.restart &&
    found.artifactDigest === pool.artifact.digest &&
    found.instances.length === pool.instances &&
    found.instances.every((instance) => instance.state === 'accepting')
  );
}
