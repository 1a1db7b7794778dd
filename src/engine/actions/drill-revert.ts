/** Tries the way back while nothing depends on it: what it takes is there, and its first command is carried out and timed. */
import { failureOf } from '../../core/failures.ts';
import type { Action } from '../../core/plan/plan.ts';
import { counted } from '../../core/words/counted.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { elapsedMs } from '../../platform/clock.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { applySplit } from './apply-split.ts';
import { missingCapacity } from './missing-capacity.ts';

export async function drillRevert(
  context: ActionContext,
  { pool, split }: Extract<Action, { kind: 'drill-revert' }>,
): Promise<ActionResult> {
  const { drivers, service, clock } = context;
  const { scope } = service;
  const pools = await drivers.target.observe(scope, context);
  const found = pools.find((each) => each.pool === pool.pool);
  const missing = missingCapacity(pool, found?.instances ?? []);
  if (missing !== null) return { kind: 'failed', failure: failureOf('capacity-missing', missing) };
  await context.environmentOf(pool.release.configDigest);
  await drivers.target.attest(pool.pool, { scope }, context);
  const sentNs = clock.monotonicNs();
  const applied = await applySplit(context, { split });
  if (applied.kind !== 'ok') return applied;
  const tookMs = elapsedMs(clock, sentNs);
  const { inForceSinceNs } = applied.evidence;
  const whole = `${counted(pool.instances, 'instance')} of ${pool.release.version}, with artifact and configuration`;
  return ok(`${whole}; all traffic given to it in ${showDuration(tookMs)}.`, {
    details: { tookMs },
    ...(inForceSinceNs !== undefined && { inForceSinceNs }),
  });
}
