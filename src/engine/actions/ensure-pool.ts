/** Has a pool's instances started and accepting connections. */
import { counted } from '../../core/words/counted.ts';
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
    `${counted(ports.length, 'instance')} of ${pool.release.version} ${ports.length === 1 ? 'accepts' : 'accept'} connections on ${ports.join(', ')}.`,
  );
}

export async function isPoolEnsured(context: ActionContext, pool: PlannedPool): Promise<boolean> {
  const pools = await context.drivers.target.observe(context.service.scope, context);
  const found = pools.find((candidate) => candidate.pool === pool.pool);
  return (
    found?.desired === 'running' &&
    found.restart === pool.restart &&
    found.artifactDigest === pool.artifact.digest &&
    found.instances.length === pool.instances &&
    found.instances.every((instance) => instance.state === 'accepting')
  );
}
