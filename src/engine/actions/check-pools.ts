/** Looks whether exactly the expected pools run and, where that is asked, are whole. */
import { failureOf, type FailureCode } from '../../core/failures.ts';
import type { PoolObservation } from '../../core/model/pool.ts';
import type { FoundAs, PlannedPool } from '../../core/plan/plan.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { missingCapacity } from './missing-capacity.ts';

export interface ExpectedPools {
  readonly running: readonly PlannedPool[];
  readonly as: FoundAs;
}

/** In the place of a difference: nothing is known, which is not the same as something missing. */
export const NO_ANSWER = 'The target has not answered.';

export async function checkPools(
  context: ActionContext,
  expected: ExpectedPools,
): Promise<ActionResult> {
  const { running, as } = expected;
  const difference = await untilPoolsAre(context, expected);
  if (difference === NO_ANSWER) return failed('deadline-passed', difference);
  if (difference !== null) return failed('capacity-missing', difference);
  const balancer = await context.drivers.balancer.observe(context.service.scope, context);
  if (balancer && balancer.token.deployment >= context.plan.deployment) {
    return failed(
      'token-fenced',
      `The balancer follows deployment d${balancer.token.deployment}, which the database does not know: it was set back to an older state.`,
    );
  }
  if (as === 'any') return ok('Nothing else runs.');
  const names = running.map((pool) => `${pool.instances} × ${pool.release.version}`);
  return ok(names.length === 0 ? 'Nothing runs.' : `${names.join(', ')} at full size.`);
}

/** Null as soon as the pools are as expected; the last difference when the time is over. */
export async function untilPoolsAre(
  context: ActionContext,
  expected: ExpectedPools,
): Promise<string | null> {
  let difference: string | null = NO_ANSWER;
  await poll(context, async () => {
    const observed = await context.drivers.target.observe(context.service.scope, context);
    difference = differenceOf(expected, observed);
    return difference === null;
  });
  return difference;
}

/** One sentence on the first pool that is not as expected; null when all are. */
function differenceOf(
  { running: expected, as }: ExpectedPools,
  observed: readonly PoolObservation[],
): string | null {
  const running = observed.filter(
    (pool) =>
      pool.desired === 'running' || pool.instances.some((instance) => instance.state !== 'exited'),
  );
  const unexpected = running.find((pool) => !expected.some(({ pool: id }) => id === pool.pool));
  if (unexpected) return `Pool ${unexpected.pool} (${unexpected.release.version}) runs as well.`;
  if (as === 'any') return null;
  for (const pool of expected) {
    const found = running.find((candidate) => candidate.pool === pool.pool);
    if (!found) return `Pool ${pool.pool} (${pool.release.version}) does not run.`;
    if (found.artifactDigest !== pool.artifact.digest) {
      return `Pool ${pool.pool} runs ${found.artifactDigest}, deployed was ${pool.artifact.digest}.`;
    }
    const missing = missingCapacity(pool, found.instances);
    if (missing !== null) return missing;
  }
  return null;
}

function failed(code: FailureCode, message: string): ActionResult {
  return { kind: 'failed', failure: failureOf(code, message) };
}
